from django.apps import AppConfig


class OperatorConfig(AppConfig):
    name = "portal.operator"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
