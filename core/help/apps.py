from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "core.help"
    label = "help"
