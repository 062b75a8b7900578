"""Celery: work that may be redone, and the clock that starts it. Promises live in the outbox, not here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings.base")

app = Celery("work")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
