from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "core.setup"
    label = "setup"
