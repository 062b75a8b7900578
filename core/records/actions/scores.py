"""Scores saved, changed, shared and removed (RES-09, RES-10)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.plain_text import require_plain
from core.kernel.translation import gettext_noop, translate
from core.kernel.unseen import one_line
from core.people.models import Client
from core.records import notifications
from core.records.actions import by_hand
from core.records.actions.checks import check_day, check_readable
from core.records.audit_codes import RecordsAudit
from core.records.models import LABEL, SCORE_REMARK, Score, ScoreText, ScoreVersion
from core.records.permissions import can_keep_records
from core.records.rules.scores import LARGEST, Scale, refusal_of
from core.resources.models import Resource
from core.resources.permissions import resources_visible_to
from core.scheduling.models import Appointment

_REFUSALS: Mapping[str, tuple[str, str]] = {
    "too_large": ("value", gettext_noop("Give a number up to a million.")),
    "below_zero": ("value", gettext_noop("A score is not below zero.")),
    "no_maximum": ("maximum", gettext_noop("Say out of how many, with a number above zero.")),
    "above_maximum": ("value", gettext_noop("That is more than the maximum.")),
    "above_hundred": ("value", gettext_noop("That is more than 100 per cent.")),
}


@transaction.atomic
def save_score(
    client: Client,
    resource: Resource,
    *,
    text: ScoreText,
    on: date,
    appointment: Appointment | None = None,
    by: Any,
    now: datetime,
) -> Score:
    """What this client reached with a resource that `by` can see; shared with nobody. Errors at its fields."""
    if not can_keep_records(by, client):
        raise PermissionDenied("not allowed to keep this client's records")
    found = resources_visible_to(by).select_for_update(of=["self"], no_key=True).filter(pk=resource.pk).first()
    if found is None:
        raise NotFound(f"resource {resource.pk}")
    if appointment is not None and not Appointment.objects.filter(pk=appointment.pk, clients=client).exists():
        raise DomainError("other_appointment", translate("Choose one from the list."), field="appointment")
    check_day(on, now=now)
    sealed = replace(_checked(text), title=found.title).sealed()
    score = Score.objects.create(
        client=client, resource=found, resource_key=found.pk, appointment=appointment, on=on, sealed=sealed,
        scored_by=by, scored_at=now,
    )  # fmt: skip
    audit.record(RecordsAudit.SCORE_SAVED, by=by, subject=score)
    return score


@transaction.atomic
def change_score(score: Score, *, text: ScoreText, on: date, seen: int, by: Any, now: datetime) -> Score:
    """Correct it; what it said before stays as a version. `score_moved_on` when somebody has changed it since `seen`."""
    held = by_hand.held_for(Score, score.pk, by=by)
    check_readable(held)
    if held.revision != seen:
        raise ConflictError("score_moved_on", translate("Somebody else has changed this meanwhile. Look at it again."))
    check_day(on, now=now)
    checked = replace(_checked(text), title=held.text.title)
    if checked == held.text and on == held.on:
        return held
    changes = {"score": ["…", "…"]} if checked != held.text else {}
    if on != held.on:
        changes["on"] = [str(held.on), str(on)]
    ScoreVersion.objects.create(
        score=held, revision=held.revision, on=held.on, sealed=held.sealed, changed_by=by, changed_at=now
    )
    held.sealed, held.on, held.revision = checked.sealed(), on, held.revision + 1
    held.save(update_fields=["sealed", "on", "revision"])
    audit.record(RecordsAudit.SCORE_CHANGED, by=by, subject=held, changes=changes)
    return held


@transaction.atomic
def remove_score(score: Score, *, by: Any, now: datetime) -> None:
    """Remove it for good, with what it said before."""
    held = by_hand.held_for(Score, score.pk, by=by)
    audit.record(RecordsAudit.SCORE_REMOVED, by=by, subject=held)
    held.delete()


@transaction.atomic
def share_score(score: Score, *, by: Any, now: datetime) -> Score:
    """Let the client see it with its note; they are told that there is something."""
    held = by_hand.held_for(Score, score.pk, by=by)
    if by_hand.share(held, code=RecordsAudit.SCORE_SHARED, by=by, now=now):
        notifications.score_shared(held, by=by)
    return held


@transaction.atomic
def withdraw_score(score: Score, *, by: Any, now: datetime) -> Score:
    """Share it no longer."""
    held = by_hand.held_for(Score, score.pk, by=by)
    refusal = ConflictError("score_not_shared", translate("This score is not shared."))
    by_hand.withdraw(held, code=RecordsAudit.SCORE_WITHDRAWN, by=by, otherwise=refusal)
    return held


def scores_read(client: Client, *, by: Any) -> None:
    """Keep that somebody has looked at a client's scores."""
    audit.record(RecordsAudit.SCORES_READ, by=by, subject=client)


def _checked(text: ScoreText) -> ScoreText:
    require_plain(text.label, text.remark)
    label, remark = one_line(text.label), text.remark.strip()
    for field, words, most in (("label", label, LABEL), ("remark", remark, SCORE_REMARK)):
        if len(words) > most:
            raise DomainError("long_text", translate("At most %(most)s letters.", most=most), field=field)
    maximum = text.maximum if text.scale is Scale.OUT_OF else None
    checked = replace(text, label=label, remark=remark, maximum=maximum)
    if code := refusal_of(checked.marks):
        field, sentence = _REFUSALS[code]
        if code in ("too_large", "below_zero") and maximum is not None and not 0 <= maximum <= LARGEST:
            field = "maximum"
        raise DomainError(code, translate(sentence), field=field)
    return checked
