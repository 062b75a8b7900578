from importlib import import_module

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "core.files"
    label = "files"

    def ready(self) -> None:
        """Register what the outbox calls by name."""
        import_module("core.files.outbox_handlers")
