from django.apps import AppConfig


class PackagesConfig(AppConfig):
    name = "billing.packages"
    label = "packages"

    def ready(self) -> None:
        from billing.packages import outbox_handlers, receivers  # noqa: F401 because importing them registers them
