from django.apps import AppConfig


class SendersConfig(AppConfig):
    name = "branding.senders"
    label = "senders"
