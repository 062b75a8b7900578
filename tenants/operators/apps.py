from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "tenants.operators"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
