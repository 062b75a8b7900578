"""What is done once a night in every organization: each app registers its jobs, the task of that night runs them."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tenants import context, failed_tasks, outages

logger = logging.getLogger(__name__)

TASK, LONG_TASK = "tenants.tasks.run_nightly_jobs", "tenants.tasks.run_long_nightly_jobs"
Job = Callable[..., Any]
"""Called with `now`, in the organization's context. May be run twice in a night, so it must not mind."""

_jobs: list[Job] = []
_long_jobs: list[Job] = []


def register(job: Job, *, is_long: bool = False) -> None:
    """Let the job run every night; registering it twice changes nothing. One that takes minutes runs after everybody's short ones."""
    jobs = _long_jobs if is_long else _jobs
    if job not in jobs:
        jobs.append(job)


def run(*, now: datetime, is_long: bool = False) -> None:
    """Run every job for the organization in force. One that fails is noted for the operators, and keeps none of the others from running."""
    schema, task = context.current_organization().schema_name, LONG_TASK if is_long else TASK
    for job in _long_jobs if is_long else _jobs:
        name = f"{job.__module__}.{job.__name__}"
        try:
            job(now=now)
        except Exception as error:
            if outages.is_outage(error):
                raise  # because the others would fail alike
            logger.exception("nightly job %s failed in %s", name, schema)
            failed_tasks.note(task, error, schema=schema, job=name)
        else:
            failed_tasks.forget(task, schema=schema, job=name)
