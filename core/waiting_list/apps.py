from importlib import import_module

from django.apps import AppConfig


class WaitingListConfig(AppConfig):
    name = "core.waiting_list"
    label = "waiting_list"

    def ready(self) -> None:
        """Register what the outbox calls by name, and what listens to the calendar."""
        import_module("core.waiting_list.outbox_handlers")
        import_module("core.waiting_list.receivers")
        import_module("core.waiting_list.branches").register_waiting()
