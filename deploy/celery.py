"""Celery: work that may be redone, and the clock that starts it. Promises live in the outbox, not here.

Its settings, the schedule among them, stand in deploy.settings.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings.base")

app = Celery("work", task_cls="tenants.tasks:OrganizationTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
