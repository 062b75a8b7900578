"""What Celery's clock starts: every name is that of a task, and nothing was lost on the way from the file to the program."""

import pytest

from deploy.celery import app

pytestmark = pytest.mark.unit


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()

    assert app.conf.beat_schedule
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
    assert app.conf.timezone == "UTC"
