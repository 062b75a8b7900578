from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "billing.reminders"
    label = "reminders"

    def ready(self) -> None:
        from billing.reminders import outbox_handlers  # noqa: F401 because importing it registers them
