"""Celery: work that may be redone, and the schedule of what is done at set times. Promises live in the outbox, not here.

What is done once a night in each organization needs no entry here: an app names it in `nightly_jobs` of its manifest.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings.base")

app = Celery("work", task_cls="tenants.tasks:OrganizationTask")
app.conf.beat_schedule = {
    "mend the index of due work": {"task": "tenants.tasks.sweep_due_work", "schedule": crontab(minute=7)},
    "every organization's nightly jobs": {
        "task": "tenants.tasks.start_nightly_jobs",
        "schedule": crontab(hour=2, minute=30),
    },
    "look for the records of new hosts": {
        "task": "tenants.tasks.check_waiting_hosts",
        "schedule": crontab(minute="*/5"),
    },
    "clear the proxy's pages of hosts that are gone": {
        "task": "branding.tasks.clear_proxy_pages",
        "schedule": crontab(hour=3, minute=10),
    },
    "measure usage": {"task": "tenants.operators.tasks.start_measuring", "schedule": crontab(minute="*/15")},
}
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
