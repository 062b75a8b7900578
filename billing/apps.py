from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        """Register promises and receivers."""
        from billing import outbox_handlers, receivers  # noqa: F401 because importing them registers them
        from billing.branches import register_money

        register_money()
