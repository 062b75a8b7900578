from importlib import import_module

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "core.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        """Register what the outbox calls by name, and what follows from news of other apps."""
        import_module("core.scheduling.outbox_handlers")
        import_module("core.scheduling.reminder_handlers")
        import_module("core.scheduling.receivers")
