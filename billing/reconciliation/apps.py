from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "billing.reconciliation"
    label = "reconciliation"

    def ready(self) -> None:
        from billing.reconciliation import outbox_handlers  # noqa: F401 because importing it registers them
