from importlib import import_module

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "core.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        """Register what the outbox calls by name, and what follows from news of other apps."""
        import_module("core.scheduling.external_handlers")
        import_module("core.scheduling.outbox_handlers")
        import_module("core.scheduling.reminder_handlers")
        import_module("core.scheduling.text_handlers")
        import_module("core.scheduling.completion_reminders")
        import_module("core.scheduling.receivers")
        import_module("core.scheduling.branches").register_appointments()
        waits = import_module("core.scheduling.quiet_times").held_until
        import_module("core.notifications.waiting").register(waits)
