from django.apps import AppConfig


class BrandingConfig(AppConfig):
    name = "branding"

    def ready(self) -> None:
        from branding import branch_hosts, outbox_handlers, receivers, translations  # noqa: F401 because importing registers and connects them

        translations.install()
        branch_hosts.register_names()
