"""What is done once a night in every organization: each app registers its jobs, the task of that night runs them."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tenants import context, failed_tasks, outages

logger = logging.getLogger(__name__)

TASK = "tenants.tasks.run_nightly_jobs"
Job = Callable[..., Any]
"""Called with `now`, in the organization's context. May be run twice in a night, so it must not mind."""

_jobs: list[Job] = []


def register(job: Job) -> None:
    """Let the job run every night; registering it twice changes nothing."""
    if job not in _jobs:
        _jobs.append(job)


def run(*, now: datetime) -> None:
    """Run every job for the organization in force. One that fails is noted for the operators, and keeps none of the others from running."""
    schema = context.current_organization().schema_name
    for job in _jobs:
        name = f"{job.__module__}.{job.__name__}"
        try:
            job(now=now)
        except Exception as error:
            if outages.is_outage(error):
                raise  # because the others would fail alike
            logger.exception("nightly job %s failed in %s", name, schema)
            failed_tasks.note(TASK, error, schema=schema, job=name)
        else:
            failed_tasks.forget(TASK, schema=schema, job=name)
