from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "core.pages"
    label = "pages"

    def ready(self) -> None:
        from core.pages import outbox_handlers, receivers  # noqa: F401 because importing connects them
