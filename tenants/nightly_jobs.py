"""What is done once a night in every organization: each app registers its jobs, the task of that night runs them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

Job = Callable[..., Any]
"""Called with `now`, in the organization's context. May be run twice in a night, so it must not mind."""

_jobs: list[Job] = []


def register(job: Job) -> None:
    """Let the job run every night; registering it twice changes nothing."""
    if job not in _jobs:
        _jobs.append(job)


def run(*, now: datetime) -> None:
    """Run every job for the organization in force."""
    for job in _jobs:
        job(now=now)
