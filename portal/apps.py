from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import checks, manifests  # noqa: F401 because models can be imported only once the apps are there

        manifests.load()
