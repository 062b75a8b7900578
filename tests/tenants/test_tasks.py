"""Tasks run for their organization or not at all: with a real worker's tracing, over a broker in memory."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from celery.exceptions import Reject
from django.contrib.sessions.models import Session
from django.db import connection

from core.kernel import clock
from tenants import context, lifecycle, nightly_jobs
from tenants.tasks import (
    HEADER,
    OrganizationTask,
    for_each_organization,
    run_long_nightly_jobs,
    run_nightly_jobs,
    start_nightly_jobs,
)
from tests.database import organization as find


@pytest.fixture
def queue(swept):
    """A Celery app of its own with a worker in a thread; `queue.seen` is what its task saw."""
    app = Celery("tests", broker="memory://", task_cls=OrganizationTask)
    app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True)
    app.conf.task_default_queue = uuid4().hex  # because the broker in memory outlives a worker
    app.seen, app.ran = [], threading.Event()

    def note_schema() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_schema()")
                app.seen.append(cursor.fetchone()[0])
        except Exception as error:  # noqa: BLE001 because the worker's thread would keep it to itself
            app.seen.append(repr(error))
        finally:
            connection.close()
            app.ran.set()

    @app.task(name="tests.look", shared=False)  # or every app of the process would have it, this one the first one's
    def look() -> None:
        note_schema()

    @app.task(name="tests.look_public", public=True, shared=False)
    def look_public() -> None:
        note_schema()

    app.look, app.look_public = look, look_public
    with start_worker(app, perform_ping_check=False, pool="solo"):
        yield app


def test_task_runs_in_the_organization_it_was_published_for(queue):
    for slug in ("north", "south"):
        queue.ran.clear()
        with context.organization_context(find(slug)):
            queue.look.delay()
        assert queue.ran.wait(60)

    assert queue.seen == ["t_north00000", "t_south00000"]


def test_task_of_the_platform_runs_in_the_public_schema(queue):
    queue.look_public.delay()

    assert queue.ran.wait(60)
    assert queue.seen == ["public"]


@pytest.mark.parametrize("schema", ["t_south00000", "t_gone000000", "", None])
def test_task_of_a_suspended_or_missing_organization_is_rejected(db, south, schema):
    lifecycle.suspend_organization(south.pk, reason="unpaid", by="test", now=clock.now())
    run_nightly_jobs.push_request(headers={HEADER: schema})
    try:
        with pytest.raises(Reject, match="gone or not active") as rejected:
            run_nightly_jobs()
    finally:
        run_nightly_jobs.pop_request()

    assert rejected.value.requeue is False


def test_task_without_organization_cannot_be_published(db):
    context.clear()

    with pytest.raises(LookupError):
        run_nightly_jobs.delay()


def test_nightly_jobs_forget_expired_sessions_of_every_organization(cast, south, settings):
    for organization in (cast.north, south):
        with context.organization_context(organization):
            Session.objects.create(session_key="old", session_data="", expire_date=clock.now() - timedelta(days=1))
            Session.objects.create(session_key="new", session_data="", expire_date=clock.now() + timedelta(days=1))

    assert for_each_organization(run_nightly_jobs) == 2

    for organization in (cast.north, south):
        with context.organization_context(organization):
            assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_what_takes_minutes_stands_behind_everybodys_watches(cast, south, monkeypatch):
    published = []
    for task in (run_nightly_jobs, run_long_nightly_jobs):
        monkeypatch.setattr(task, "apply_async", lambda task=task, **options: published.append(task.name))
    assert start_nightly_jobs() == 2
    assert published == [nightly_jobs.TASK] * 2 + [nightly_jobs.LONG_TASK] * 2


def test_long_jobs_run_with_the_long_ones_alone(north, monkeypatch):
    ran = []
    monkeypatch.setattr(nightly_jobs, "_jobs", [lambda now: ran.append("short")])
    monkeypatch.setattr(nightly_jobs, "_long_jobs", [lambda now: ran.append("long")])
    for task in (run_long_nightly_jobs, run_nightly_jobs):
        task.apply(headers={HEADER: north.schema_name})
    assert ran == ["long", "short"]
