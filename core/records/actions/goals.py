"""Goals set, changed, followed and shared."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.kernel.unseen import one_line
from core.people.models import Client
from core.records import notifications
from core.records.actions import by_hand
from core.records.actions.checks import check_day, check_readable
from core.records.audit_codes import RecordsAudit
from core.records.models import (
    GOAL,
    MEASURE,
    MOST_STEPS,
    REMARK,
    STEP,
    UNIT,
    Goal,
    GoalProgress,
    GoalStep,
    GoalText,
    ProgressText,
    StepText,
)
from core.records.permissions import can_keep_records

LARGEST = Decimal(1_000_000)
MOST_GOALS = 100


@transaction.atomic
def set_goal(client: Client, *, text: GoalText, steps: Sequence[str] = (), by: Any, now: datetime) -> Goal:
    """Something that this client wants to reach; shared with nobody."""
    if not can_keep_records(by, client):
        raise PermissionDenied("not allowed to keep this client's records")
    if Goal.objects.filter(client=client).count() >= MOST_GOALS:
        raise DomainError("many_goals", translate("There are too many goals. Change one that is there."))
    goal = Goal.objects.create(client=client, sealed=_checked(text).sealed(), set_by=by, set_at=now)
    _write_steps(goal, steps)
    audit.record(RecordsAudit.GOAL_SET, by=by, subject=goal)
    return goal


@transaction.atomic
def change_goal(goal: Goal, *, text: GoalText, steps: Sequence[str], status: str, by: Any, now: datetime) -> Goal:
    """Its words, numbers, steps and status. A step that says the same as before stays done."""
    held = by_hand.held_for(Goal, goal.pk, by=by)
    if status not in Goal.Status.values:
        raise DomainError("unknown_status", translate("Choose one from the list."), field="status")
    check_all_readable(held)
    checked = _checked(text)
    changes: dict[str, Any] = {"text": ["…", "…"]} if checked != held.text else {}
    if status != held.status:
        changes["status"] = [held.status, status]
    if _write_steps(held, steps):
        changes["steps"] = ["…", "…"]
    held.sealed, held.status = checked.sealed(), status
    held.save(update_fields=["sealed", "status"])
    if changes:
        audit.record(RecordsAudit.GOAL_CHANGED, by=by, subject=held, changes=changes)
    return held


@transaction.atomic
def tick_step(step: GoalStep, *, is_done: bool, by: Any, now: datetime) -> GoalStep:
    """A step is done, or not yet after all."""
    goal = by_hand.held_for(Goal, step.goal_id, by=by)
    held = GoalStep.objects.select_for_update().filter(pk=step.pk).first()
    if held is None:
        raise NotFound(f"step {step.pk}")
    if (held.done_at is not None) == is_done:
        return held
    held.done_at = now if is_done else None
    held.save(update_fields=["done_at"])
    audit.record(RecordsAudit.GOAL_STEP_DONE if is_done else RecordsAudit.GOAL_STEP_UNDONE, by=by, subject=goal)
    return held


@transaction.atomic
def note_progress(
    goal: Goal, *, on: date, value: Decimal | None = None, remark: str = "", by: Any, now: datetime
) -> GoalProgress:
    """How far it has come on a day: a value, a remark, or both."""
    held = by_hand.held_for(Goal, goal.pk, by=by)
    require_plain(remark)
    remark = remark.strip()
    if value is None and not remark:
        raise DomainError("nothing_noted", translate("Give a value, or say something."), field="value")
    if len(remark) > REMARK:
        raise DomainError("long_remark", translate("At most %(most)s letters.", most=REMARK), field="remark")
    check_day(on, now=now)
    _check_number(value, "value")
    progress = GoalProgress.objects.create(
        goal=held, on=on, sealed=ProgressText(value, remark).sealed(), noted_by=by, noted_at=now
    )
    audit.record(RecordsAudit.GOAL_PROGRESS_NOTED, by=by, subject=held)
    return progress


@transaction.atomic
def remove_progress(progress: GoalProgress, *, by: Any, now: datetime) -> None:
    """Take back what one has noted by mistake."""
    goal = by_hand.held_for(Goal, progress.goal_id, by=by)
    if progress.noted_by_id != by.pk:
        raise PermissionDenied("somebody else has noted this")
    GoalProgress.objects.filter(pk=progress.pk).delete()
    audit.record(RecordsAudit.GOAL_PROGRESS_REMOVED, by=by, subject=goal)


@transaction.atomic
def share_goal(goal: Goal, *, by: Any, now: datetime) -> Goal:
    """Let the client see it with all that belongs to it, from now on and as it changes; they are told that there is something."""
    held = by_hand.held_for(Goal, goal.pk, by=by)
    if by_hand.share(held, code=RecordsAudit.GOAL_SHARED, by=by, now=now):
        notifications.goal_shared(held, by=by)
    return held


@transaction.atomic
def withdraw_goal(goal: Goal, *, by: Any, now: datetime) -> Goal:
    """Share it no longer."""
    held = by_hand.held_for(Goal, goal.pk, by=by)
    refusal = ConflictError("goal_not_shared", translate("This goal is not shared."))
    by_hand.withdraw(held, code=RecordsAudit.GOAL_WITHDRAWN, by=by, otherwise=refusal)
    return held


def goal_read(goal: Goal, *, by: Any) -> None:
    """Keep that somebody has looked at it."""
    audit.record(RecordsAudit.GOAL_READ, by=by, subject=goal)


def check_all_readable(goal: Goal) -> None:
    """ConflictError `text_unreadable` where its words, or those of a step, cannot be read at the moment."""
    for each in (goal, *goal.steps.all()):
        check_readable(each)


def _checked(text: GoalText) -> GoalText:
    require_plain(text.title, text.measure, text.unit)
    title, measure, unit = one_line(text.title), text.measure.strip(), one_line(text.unit)
    if not title:
        raise DomainError("no_goal", translate("Say what is to be reached."), field="title")
    for field, words, most in (("title", title, GOAL), ("measure", measure, MEASURE), ("unit", unit, UNIT)):
        if len(words) > most:
            raise DomainError("long_text", translate("At most %(most)s letters.", most=most), field=field)
    _check_number(text.start, "start")
    _check_number(text.target, "target")
    return GoalText(title, measure, unit, text.start, text.target)


def _check_number(number: Decimal | None, field: str) -> None:
    if number is not None and (not number.is_finite() or abs(number) > LARGEST):
        raise DomainError("large_number", translate("Give a number up to a million."), field=field)


def _write_steps(goal: Goal, steps: Sequence[str]) -> bool:
    """Write them in this order; whether anything has changed."""
    require_plain(*steps)
    wanted = [line for step in steps if (line := one_line(step))]
    if len(wanted) > MOST_STEPS:
        raise DomainError("many_steps", translate("At most %(most)s steps.", most=MOST_STEPS), field="steps")
    if any(len(line) > STEP for line in wanted):
        raise DomainError("long_step", translate("A step has at most %(most)s letters.", most=STEP), field="steps")
    before = list(GoalStep.objects.filter(goal=goal))
    if [step.text.words for step in before] == wanted:
        return False
    done = {step.text.words: step.done_at for step in before if step.done_at}
    GoalStep.objects.filter(goal=goal).delete()
    GoalStep.objects.bulk_create(
        GoalStep(goal=goal, sealed=StepText(line).sealed(), position=number, done_at=done.get(line))
        for number, line in enumerate(wanted)
    )
    return True
