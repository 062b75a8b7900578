from importlib import import_module

from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "core.booking"
    label = "booking"

    def ready(self) -> None:
        """Register what the outbox calls by name."""
        import_module("core.booking.outbox_handlers")
