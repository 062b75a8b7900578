from django.apps import AppConfig


class AutopayConfig(AppConfig):
    name = "billing.autopay"
    label = "autopay"

    def ready(self) -> None:
        from billing.autopay import outbox_handlers, receivers  # noqa: F401 because importing them registers them
