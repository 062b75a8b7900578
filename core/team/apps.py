from importlib import import_module

from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "core.team"
    label = "team"

    def ready(self) -> None:
        """Say which pictures of the website cards show."""
        photos = import_module("core.team.queries").photos_of_all
        import_module("core.pages.picture_uses").register(photos)
