from django.apps import AppConfig


class WagesConfig(AppConfig):
    name = "billing.wages"
    label = "wages"

    def ready(self) -> None:
        from billing.wages import outbox_handlers, receivers  # noqa: F401 because importing them registers them
