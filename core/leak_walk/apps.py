from importlib import import_module

from django.apps import AppConfig


class LeakWalkConfig(AppConfig):
    name = "core.leak_walk"
    label = "leak_walk"

    def ready(self) -> None:
        """Register what the outbox calls by name."""
        import_module("core.leak_walk.outbox_handlers")
