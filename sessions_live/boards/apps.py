from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "sessions_live.boards"
    label = "boards"

    def ready(self) -> None:
        from sessions_live.boards import outbox_handlers  # noqa: F401 because importing it registers them
