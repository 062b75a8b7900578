from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class SessionsLiveConfig(AppConfig):
    name = "sessions_live"

    def ready(self) -> None:
        """Register receivers. Refuse to start with media settings that cannot work: the first call is too late for that."""
        from sessions_live import engines, outbox_handlers, receivers  # noqa: F401 because importing them registers them
        from sessions_live.branches import register_rooms
        from sessions_live.invitations import outbox_handlers as of_guests  # noqa: F401 because importing it registers them
        from sessions_live.media.engine import EngineError
        from sessions_live.recordings import outbox_handlers as of_recordings  # noqa: F401 because importing it registers them

        register_rooms()
        try:
            engines.offered()
        except EngineError as error:
            raise ImproperlyConfigured(error.message) from error
