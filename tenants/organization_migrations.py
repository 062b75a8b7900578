"""Migrating every organization's schema: the plan is made once per starting point and replayed for each organization.

Most plans reduce to SQL, which is collected once and sent to each schema in one round trip; others (functions in Python, steps that cannot run
in a transaction) go through Django's executor with one loaded plan and one rendered state for all. Each organization is one transaction with
its record of migrations and its digest, so that a run which was killed is simply started again. One that fails is reported; the others go on.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg
from django.db import DatabaseError, OperationalError, connection

from core.kernel import clock
from tenants import applied_migrations, context, events, rights
from tenants.audit_codes import PlatformAudit
from tenants.migration_plans import MigrationPlan, make_plan
from tenants.models import Organization

logger = logging.getLogger(__name__)

LOCK_TIMEOUT = "2s"
ATTEMPTS = 5
FIRST_PAUSE = 0.2
_WORTH_ANOTHER_TRY = ("55P03", "40P01", "40001")  # lock not granted, deadlock, serialization failure


@dataclass
class Report:
    """What a run did: how many were migrated, how many had nothing to do, and which failed with which words."""

    migrated: int = 0
    current: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        words = f"{self.migrated} migrated, {self.current} had nothing to do, {len(self.failures)} failed"
        return f"{words}, in {self.seconds:.1f} s"


@context.as_database_owner()
def migrate_organizations(
    *, workers: int = 4, verify: bool = False, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """Bring every organization to the template's migrations. With `verify`, schemas are asked what they have instead of the directory."""
    started = time.monotonic()
    if admitted := rights.admit_organizations():
        progress(f"{len(admitted)} organizations have a role of their own now")
    target = applied_migrations.applied_in(context.TEMPLATE)
    wanted = applied_migrations.digest(target)
    behind, current = _behind(wanted, verify=verify)
    report = Report(current=current)

    def note(organization: Organization, failure: str | None) -> None:
        if failure is None:
            report.migrated += 1
            return
        report.failures[organization.slug] = failure
        progress(f"{organization.slug}: {failure}")
        events.record(
            PlatformAudit.MIGRATION_FAILED,
            organization=organization,
            by="fleet migration",
            now=clock.now(),
            note=failure,
        )

    for group in _by_starting_point(behind):
        try:
            plan = make_plan(group[0].schema_name)
        except Exception as error:  # noqa: BLE001 because a broken first schema must not stop the other groups; it is reported
            for organization in group:
                note(organization, _words(error))
            continue
        progress(f"{len(group)} organizations, {len(plan.migrations)} migrations, {plan.way}")
        _run(group, plan, wanted, workers, note)
    report.seconds = time.monotonic() - started
    return report


def _behind(wanted: str, *, verify: bool) -> tuple[list[Organization], int]:
    with context.public_context():
        organizations = list(Organization.objects.exclude(state=Organization.State.CLOSED).order_by("slug"))
    if verify:
        for organization in organizations:
            organization.migration_digest = _digest_or_nothing(organization)
    behind = [organization for organization in organizations if organization.migration_digest != wanted]
    return behind, len(organizations) - len(behind)


def _digest_or_nothing(organization: Organization) -> str:
    try:
        return applied_migrations.digest_of(organization.schema_name) or ""
    except DatabaseError:
        return ""


def _by_starting_point(organizations: Sequence[Organization]) -> list[list[Organization]]:
    """Group by what the schemas really have, because one plan fits only those with the same past. A broken one is a group of its own."""
    groups: dict[str, list[Organization]] = defaultdict(list)
    for organization in organizations:
        groups[_digest_or_nothing(organization) or organization.schema_name].append(organization)
    return list(groups.values())


def _run(
    group: Sequence[Organization],
    plan: MigrationPlan,
    wanted: str,
    workers: int,
    note: Callable[[Organization, str | None], None],
) -> None:
    # The executor keeps state of its own, so that its way is walked by one worker.
    with ThreadPoolExecutor(max_workers=workers if plan.script is not None else 1) as pool:
        outcomes = pool.map(lambda organization: (organization, _migrate_one(organization, plan, wanted)), group)
        for organization, failure in outcomes:
            note(organization, failure)


def _migrate_one(organization: Organization, plan: MigrationPlan, wanted: str) -> str | None:
    """Migrate one organization; returns None, or why it failed."""
    try:
        for attempt in range(ATTEMPTS):
            try:
                # Said again here, because a thread of the pool does not know what its caller asked for.
                with context.as_database_owner(), context.schema_context(organization.schema_name):
                    plan.apply(organization.schema_name, lock_timeout=LOCK_TIMEOUT, digest=wanted)
                return None
            except (OperationalError, psycopg.OperationalError) as error:
                if _sqlstate(error) not in _WORTH_ANOTHER_TRY or attempt == ATTEMPTS - 1:
                    raise
                time.sleep(FIRST_PAUSE * 2**attempt)
    except Exception as error:  # noqa: BLE001 because one broken organization must not stop the rest; it is reported
        logger.warning("migration failed", extra={"organization": organization.slug})
        return _words(error)
    finally:
        connection.close()  # this worker's own; the next organization takes one from the pool
    return None


def _sqlstate(error: Exception) -> str | None:
    """The server's code, from Django's error or, for what went through the driver itself, the driver's."""
    return getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".strip().splitlines()[0][:300]
