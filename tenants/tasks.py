"""Celery tasks that carry their organization, and the periodic ones of the platform.

A task is published for the organization in force, by a header; the worker looks the organization up again, and rejects the task when it is gone or
not active: it never runs anywhere else. Tasks of the platform say `public = True`. Only work that may be redone belongs here.
"""

from typing import Any

from celery import Task, shared_task
from celery.exceptions import Reject
from celery.signals import worker_init
from django.contrib.sessions.models import Session

from core.kernel import clock
from tenants import context, domains, due_work, failed_tasks, login_check, nightly_jobs, plans
from tenants.failed_tasks import HEADER
from tenants.models import Organization

CHUNK = 50


@worker_init.connect
def _look_at_the_login(**_: Any) -> None:
    login_check.stop_if_unsafe()


class OrganizationTask(Task):
    """Base class of all tasks."""

    abstract = True
    public = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        """Publish for the organization in force; LookupError when there is none and the task is not the platform's."""
        headers = dict(options.pop("headers", None) or {})
        if not self.public and HEADER not in headers:
            headers[HEADER] = context.current_organization().schema_name
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.public:
            with context.public_context():
                return self.run(*args, **kwargs)
        with context.organization_context(self._organization()):
            return self.run(*args, **kwargs)

    def on_failure(self, exc: BaseException, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Let operators see it."""
        failed_tasks.note(self.name, exc, schema=self._schema() or "", arguments=args)

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        """What failed before is mended."""
        failed_tasks.forget(self.name, schema=self._schema() or "", arguments=args)

    def _schema(self) -> str | None:
        return (self.request.headers or {}).get(HEADER) or self.request.get(HEADER)

    def _organization(self) -> Organization:
        schema = self._schema()
        with context.public_context():
            found = Organization.objects.select_related("plan").filter(schema_name=schema, state="active").first()
        if found is None:
            raise Reject(f"{self.name}: organization {schema!r} is gone or not active", requeue=False)
        return found


def for_each_organization(task: Task) -> int:
    """Publish `task` once for every active organization, by header alone; returns how many."""
    with context.public_context():
        schemas = list(Organization.objects.filter(state="active").values_list("schema_name", flat=True))
    for schema in schemas:
        task.apply_async(headers={HEADER: schema})
    return len(schemas)


@shared_task(base=OrganizationTask, public=True)
def sweep_due_work() -> int:
    """Mend the index of due work."""
    return due_work.sweep()


@shared_task(base=OrganizationTask, public=True)
def check_waiting_hosts() -> int:
    """Every few minutes: has somebody set the records of a host?"""
    return domains.check_waiting(now=clock.now())


@shared_task(base=OrganizationTask, public=True)
def start_nightly_jobs() -> int:
    """Once a night: every organization's jobs, as tasks of their own; what takes minutes stands in the queue behind all that watches."""
    organizations = for_each_organization(run_nightly_jobs)
    for_each_organization(run_long_nightly_jobs)
    return organizations


@shared_task(base=OrganizationTask)
def run_nightly_jobs() -> int:
    """One organization's night: its hosts are verified again, expired sessions go, and the jobs of the apps run."""
    plans.settle(context.current_organization(), now=clock.now())
    domains.look_after(context.current_organization(), now=clock.now())
    deleted, _ = Session.objects.filter(expire_date__lt=clock.now()).delete()
    nightly_jobs.run(now=clock.now())
    return deleted


@shared_task(base=OrganizationTask)
def run_long_nightly_jobs() -> None:
    """What takes minutes in one organization."""
    nightly_jobs.run(now=clock.now(), is_long=True)
