from django.apps import AppConfig


class SessionsLiveConfig(AppConfig):
    name = "sessions_live"

    def ready(self) -> None:
        """Register receivers."""
        from sessions_live import receivers  # noqa: F401 because importing it registers it
