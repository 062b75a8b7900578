from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "core.resources"
    label = "resources"
