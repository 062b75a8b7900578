"""allauth's table of sessions, kept by receivers of our own."""

from allauth.usersessions.apps import UserSessionsConfig


class DevicesConfig(UserSessionsConfig):
    """Its own receivers read every session of a login at each sign-in, one query after the other; ours ask once."""

    def ready(self) -> None:
        from portal.account import devices  # noqa: F401 because its receivers register themselves
