"""Hand somebody's work over to a colleague in one act, and take it back: clients, what is booked ahead with them, and what other apps add.

Each appointment and each assignment has its own line in the history; the act as a whole has one with each of the two.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core.kernel import audit, unseen
from core.kernel.errors import ConflictError, DomainError
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.people.actions import ensure_assigned, unassign_practitioner
from core.people.models import Assignment, Client, StaffMember, User
from core.people.permissions import can_have_clients
from core.people.reasons import PeopleReason
from core.people.signals import access_changed
from core.scheduling.actions import calendar_locks
from core.scheduling.actions.edit import edit_appointment
from core.scheduling.actions.hand_over_preview import Preview, preview
from core.scheduling.actions.series_edits import edit_series
from core.scheduling.actions.series_scope import Scope
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, HandOver
from core.scheduling.permissions import check_hands_over
from core.scheduling.signals import hand_over_undone, work_handed_over

MOST = 500  # clients at once
BY_HAND_OVER = Reason(PeopleReason.HAND_OVER)


def hand_over(
    *,
    former: StaffMember,
    successor: StaffMember,
    clients: Sequence[Client],
    reason: str,
    seen: str,
    keeps_former: bool = False,
    with_resources: bool = False,
    tell: bool = True,
    by: Any,
    now: datetime,
) -> HandOver:
    """Do what the preview of this mark (`seen`) has said. `keeps_former`: whoever had the clients stays assigned to them.

    Errors: `same_person`, `successor_cannot`, `nobody_chosen`, `many_clients`, `not_theirs`, `reason_missing`, `changed_meanwhile`, and whatever
    an edit of an appointment refuses; all of it or nothing.
    """
    check_hands_over(by, former)
    reason = _checked(former, successor, clients, reason)
    with calendar_locks.calendar_transaction():
        calendar_locks.lock_calendars({former.pk, successor.pk, *(client.pk for client in clients)})
        _check_theirs(former, clients)
        plan = preview(former, successor, clients, now=now)
        if plan.mark != seen:
            raise ConflictError("changed_meanwhile", _changed())
        made = HandOver.objects.create(
            former=former, successor=successor, reason=reason, made_by_id=by.pk, made_by_name=str(by)[:200], made_at=now
        )
        made.clients.set(plan.clients)
        assigned = _assign(plan.clients, successor, by=by, now=now)
        series = _move([each.appointment for each in plan.moving], former, successor, reason=reason, tell=tell, by=by, now=now)  # fmt: skip
        leaving = [] if keeps_former else [client for client in plan.clients if client.pk not in plan.kept_by_former]
        unassigned = _unassign(leaving, former, by=by, now=now)
        made.moved = {
            "appointments": [str(each.appointment.pk) for each in plan.moving],
            "series": series,
            "assigned": assigned,
            "unassigned": unassigned,
            **_answers(work_handed_over, made, with_resources=with_resources, by=by, now=now),
        }
        made.save(update_fields=["moved"])
        _note(SchedulingAudit.WORK_HANDED_OVER, made, by=by)
        access_changed.send(User, user=former.user, now=now)
    return made


def undo_hand_over(*, made: HandOver, by: Any, now: datetime) -> HandOver:
    """Give back what still is as the hand-over left it. Errors: `too_late`, `successor_cannot`, and whatever an edit refuses."""
    check_hands_over(by, made.successor)
    with calendar_locks.calendar_transaction():
        clients = list(made.clients.order_by("pk"))
        people = {made.former_id, made.successor_id, *(client.pk for client in clients)}
        calendar_locks.lock_calendars(people)
        held = (
            HandOver.objects.select_for_update(of=("self",))
            .select_related("former__user", "successor__user")
            .get(pk=made.pk)
        )
        if not held.can_be_undone_at(now):
            raise ConflictError("too_late", translate("This was undone already, or is too long ago to be undone."))
        if not can_have_clients(held.former):
            raise _cannot(held.former)
        _assign(
            [each for each in clients if str(each.pk) in held.moved.get("unassigned", [])], held.former, by=by, now=now
        )
        back = preview(held.successor, held.former, clients, now=now)
        wanted, series = set(held.moved.get("appointments", [])), set(held.moved.get("series", []))
        rows = [
            each.appointment
            for each in back.moving
            if str(each.appointment.pk) in wanted or str(each.appointment.series_id) in series
        ]
        _move(rows, held.successor, held.former, reason=held.reason, tell=True, by=by, now=now)
        _unassign(
            [
                each
                for each in clients
                if str(each.pk) in held.moved.get("assigned", []) and not _has_ahead(held.successor, each, now)
            ],
            held.successor,
            by=by,
            now=now,
        )
        hand_over_undone.send(HandOver, hand_over=held, by=by, now=now)
        held.undone_at, held.undone_by_name = now, str(by)[:200]
        held.save(update_fields=["undone_at", "undone_by_name"])
        _note(SchedulingAudit.HAND_OVER_UNDONE, held, by=by)
        access_changed.send(User, user=held.successor.user, now=now)
    return held


def _checked(former: StaffMember, successor: StaffMember, clients: Sequence[Client], reason: str) -> str:
    """The reason on one line. DomainError for what cannot be handed over."""
    if former.pk == successor.pk:
        raise DomainError("same_person", translate("Choose somebody else to take it over."), field="successor")
    if not can_have_clients(successor):
        raise _cannot(successor)
    if not clients:
        raise DomainError("nobody_chosen", translate("Choose who is handed over."), field="clients")
    if len(clients) > MOST:
        raise DomainError("many_clients", translate("At most %(most)s at once.", most=MOST), field="clients")
    written = unseen.one_line(reason)[:300]
    if not written:
        raise DomainError("reason_missing", translate("Say why, so that others understand it later."), field="reason")
    return written


def _cannot(staff: StaffMember) -> DomainError:
    sentence = translate("%(name)s does not work here now, or has no schedule.", name=staff)
    return DomainError("successor_cannot", sentence, field="successor")


def _check_theirs(former: StaffMember, clients: Sequence[Client]) -> None:
    keys = {client.pk for client in clients}
    if Assignment.objects.filter(practitioner=former, client__in=keys).count() != len(keys):
        raise ConflictError("not_theirs", _changed())


def _changed() -> str:
    return translate("Something has changed meanwhile. Look at what would happen now, then send it again.")


def _assign(clients: Sequence[Client], staff: StaffMember, *, by: Any, now: datetime) -> list[str]:
    """Assign them, and return the keys of those for whom it was new."""
    standing = set(
        Assignment.objects.filter(practitioner=staff, client__in=clients).values_list("client_id", flat=True)
    )
    new = [client for client in clients if client.pk not in standing]
    for client in new:
        ensure_assigned(client=client, practitioner=staff, by=by, now=now, reason=BY_HAND_OVER)
    return [str(client.pk) for client in new]


def _unassign(clients: Sequence[Client], staff: StaffMember, *, by: Any, now: datetime) -> list[str]:
    for client in clients:
        unassign_practitioner(client=client, practitioner=staff, by=by, now=now)
    return [str(client.pk) for client in clients]


def _move(
    rows: Sequence[Appointment],
    former: StaffMember,
    to: StaffMember,
    *,
    reason: str,
    tell: bool,
    by: Any,
    now: datetime,
) -> list[str]:
    """Put them on the other schedule: the dates of a series by one act each, with whoever is told once. Returns the keys of the series."""
    how = {"practitioner": to, "override_reason": reason, "reason": reason, "tell": tell, "by": by, "now": now}
    by_series: dict[UUID, list[Appointment]] = {}
    for row in rows:
        if row.series_id is None or row.series.practitioner_id != former.pk:
            edit_appointment(row, **how)
        else:
            by_series.setdefault(row.series_id, []).append(row)
    moved = []
    for key, dates in by_series.items():
        staying = Appointment.objects.filter(series=key, status=Appointment.Status.BOOKED, starts_at__gt=now)
        left = set(staying.exclude(pk__in=[each.pk for each in dates]).values_list("pk", flat=True))
        edit_series(dates[0], scope=Scope.ALL, leave=left, **how)
        moved.append(str(Appointment.objects.values_list("series_id", flat=True).get(pk=dates[0].pk)))
    return moved


def _has_ahead(staff: StaffMember, client: Client, now: datetime) -> bool:
    ahead = Appointment.objects.filter(practitioner=staff, status=Appointment.Status.BOOKED, starts_at__gt=now)
    return ahead.filter(participants__client=client, participants__is_attending=True).exists()


def _answers(signal: Any, made: HandOver, **facts: Any) -> dict[str, list[str]]:
    """What other apps have moved besides, by kind."""
    found: dict[str, list[str]] = {}
    for _receiver, answer in signal.send(HandOver, hand_over=made, **facts):
        found |= answer or {}
    return found


def _note(code: SchedulingAudit, made: HandOver, *, by: Any) -> None:
    counts = {kind: len(keys) for kind, keys in made.moved.items()}
    changes = {"clients": [None, made.clients.count()], **{kind: [None, number] for kind, number in counts.items()}}
    for staff, other in ((made.former, made.successor), (made.successor, made.former)):
        both = {**changes, "colleague": [None, str(other.pk)], "hand_over": [None, str(made.pk)]}
        audit.record(code, by=by, subject=staff, changes=both, reason=made.reason)


def look(former: StaffMember, successor: StaffMember, clients: Sequence[Client], *, by: Any, now: datetime) -> Preview:
    """What it would do, for whoever may do it. Errors as of the act, but for the reason."""
    check_hands_over(by, former)
    _checked(former, successor, clients, "-")
    return preview(former, successor, clients, now=now)
