"""Background work that fails is counted for the operators, keeps nothing else from running, and is forgotten once it succeeds."""

import pytest
from redis.exceptions import ConnectionError as Away

from core.kernel import clock
from core.kernel.errors import NotFound
from tenants import context, failed_tasks, nightly_jobs
from tenants.models import FailedTask, OrganizationEvent
from tenants.tasks import HEADER, run_nightly_jobs, sweep_due_work


@pytest.fixture
def night(north, monkeypatch):
    """A broken job and a whole one; `night.ran` is what the whole one did."""

    class Night:
        ran: list[str] = []
        is_broken = True

    def broken(*, now):
        if Night.is_broken:
            raise RuntimeError("Rita River")

    def whole(*, now):
        Night.ran.append(context.current().schema)

    Night.ran = []
    monkeypatch.setattr(nightly_jobs, "_jobs", [broken, whole])
    return Night


def failing():
    with context.public_context():
        return list(FailedTask.objects.order_by("pk"))


def test_broken_job_is_counted_by_its_name_and_the_next_one_runs(night, north):
    for _ in range(2):
        nightly_jobs.run(now=clock.now())

    (row,) = failing()
    assert night.ran == [north.schema_name] * 2
    assert (row.schema_name, row.count, row.error) == (north.schema_name, 2, "RuntimeError")
    assert row.job == "tests.tenants.test_failed_tasks.broken"
    assert row.name == "broken (tests.tenants.test_failed_tasks)"
    assert "Rita" not in str(vars(row))


def test_job_that_succeeds_is_no_longer_counted(night):
    nightly_jobs.run(now=clock.now())
    night.is_broken = False
    nightly_jobs.run(now=clock.now())

    assert failing() == []


def test_outage_ends_the_night_and_is_nobodys_failure(north, monkeypatch):
    def broken(*, now):
        raise Away

    monkeypatch.setattr(nightly_jobs, "_jobs", [broken])
    with pytest.raises(Away):
        nightly_jobs.run(now=clock.now())

    assert failing() == []


def test_task_that_fails_is_counted_for_its_organization_and_for_the_platform(south, monkeypatch):
    def broken(*arguments, **more):
        raise ValueError

    monkeypatch.setattr(nightly_jobs, "run", broken)
    monkeypatch.setattr("tenants.tasks.due_work.sweep", broken)
    run_nightly_jobs.apply(headers={HEADER: south.schema_name})
    sweep_due_work.apply()

    assert [(row.schema_name, row.task, row.count) for row in failing()] == [
        (south.schema_name, "tenants.tasks.run_nightly_jobs", 1),
        ("", "tenants.tasks.sweep_due_work", 1),
    ]
    assert [organization for _, organization in failed_tasks.all_failing()] == [None, south]


def test_task_is_run_again_for_the_same_organization(south, monkeypatch):
    failed_tasks.note("tenants.tasks.run_nightly_jobs", ValueError(), schema=south.schema_name)
    published = []
    monkeypatch.setattr(run_nightly_jobs, "apply_async", lambda **options: published.append(options))
    failed_tasks.run_again(failing()[0].pk, by="opal@vendor.test", now=clock.now())

    assert published == [{"args": [], "headers": {HEADER: south.schema_name}}]
    with context.public_context():
        assert OrganizationEvent.objects.get(action="task.run_again").organization_id == south.pk


def test_nothing_is_run_again_that_does_not_fail(db):
    with pytest.raises(NotFound):
        failed_tasks.run_again(1, by="opal@vendor.test", now=clock.now())
