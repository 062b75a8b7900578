from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "core.people"
    label = "people"

    def ready(self) -> None:
        # Imported here because handlers and receivers need the models.
        from core.people import outbox_handlers, receivers, sessions  # noqa: F401
        from core.people.branches import register_people

        register_people()
