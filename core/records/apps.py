from importlib import import_module

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "core.records"
    label = "records"

    def ready(self) -> None:
        """Register what the outbox calls by name, and whose a shared thing is."""
        import_module("core.records.outbox_handlers")
        import_module("core.records.branches").register_records()
