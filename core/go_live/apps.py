from django.apps import AppConfig


class GoLiveConfig(AppConfig):
    name = "core.go_live"
    label = "go_live"
