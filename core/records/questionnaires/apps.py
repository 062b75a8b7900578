from importlib import import_module

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "core.records.questionnaires"
    label = "questionnaires"

    def ready(self) -> None:
        """Register what the outbox calls by name, and whose a form is."""
        import_module("core.records.questionnaires.outbox_handlers")
        import_module("core.records.questionnaires.branches").register_requests()
