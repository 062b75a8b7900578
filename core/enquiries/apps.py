from importlib import import_module

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "core.enquiries"
    label = "enquiries"

    def ready(self) -> None:
        """Register what the outbox calls by name."""
        import_module("core.enquiries.outbox_handlers")
