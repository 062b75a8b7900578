from importlib import import_module

from django.apps import AppConfig


class BookingRequestsConfig(AppConfig):
    name = "core.booking_requests"
    label = "booking_requests"

    def ready(self) -> None:
        """Register what the outbox calls by name, and what listens to the calendar."""
        import_module("core.booking_requests.outbox_handlers")
        import_module("core.booking_requests.receivers")
        import_module("core.booking_requests.branches").register_requests()
