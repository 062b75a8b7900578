from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        """Register promises and receivers."""
        from billing import receivers, tasks  # noqa: F401 because importing them registers them
