from django.apps import AppConfig


class PrepaymentsConfig(AppConfig):
    name = "billing.prepayments"
    label = "prepayments"

    def ready(self) -> None:
        """Register promises and receivers: after those of packages, because units come before money."""
        from billing.prepayments import outbox_handlers, receivers  # noqa: F401 because importing them registers them
