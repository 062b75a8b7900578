from importlib import import_module

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "core.resources"
    label = "resources"

    def ready(self) -> None:
        """Register what follows from news of other apps."""
        import_module("core.resources.receivers")
