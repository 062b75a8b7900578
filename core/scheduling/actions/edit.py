"""Change what an appointment is: who runs it, who takes part, what takes place, where, and the note. Its time is a matter of moving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from core.kernel import audit, own_texts
from core.kernel.errors import ConflictError
from core.kernel.own_texts import OwnText
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.people.actions import ensure_assigned
from core.people.models import Client, StaffMember
from core.people.reasons import PeopleReason
from core.scheduling import notifications, signals
from core.scheduling.actions import booking_checks, calendar_locks
from core.scheduling.actions.availability_checks import Override, check_available
from core.scheduling.actions.booking import reserve
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.changes import UNTOLD
from core.scheduling.models import Appointment, BookableResource, Cancellation, FormerNote, Participant, Reservation
from core.scheduling.permissions import can_run_schedule
from core.scheduling.rules.conflicts import Span

_RESOURCES = {"room": "rooms", "equipment": "equipment"}  # kind → what the audit calls a change of it
MONEY = frozenset({"practitioner", "clients", "service"})  # what the charge and the wage follow from
BY_FIRST_APPOINTMENT = Reason(PeopleReason.FIRST_APPOINTMENT)


@dataclass(frozen=True, slots=True)
class ServiceChosen:
    """What takes place: billing's service by its id, or just a name; with its names in other languages (see OwnText)."""

    name: str
    id: UUID | None = None
    other_names: Mapping[str, str] = field(default_factory=dict, compare=False)
    is_for_groups: bool = field(default=False, compare=False)  # people join what takes place


@dataclass
class _Edit:
    """What is to become of an appointment, seen behind the locks."""

    appointment: Appointment
    practitioner: StaffMember
    clients: list[Client]
    texts: dict[str, str] = field(default_factory=dict)  # mode, location, note
    service: ServiceChosen | None = None
    resources: list[BookableResource] | None = None

    @cached_property
    def attending(self) -> list[Client]:
        return [place.client for place in self.appointment.attending]

    @cached_property
    def added(self) -> list[Client]:
        return [client for client in self.clients if client not in self.attending]

    @cached_property
    def removed(self) -> list[Client]:
        return [client for client in self.attending if client not in self.clients]

    @cached_property
    def former(self) -> StaffMember | None:
        """Who has run it until now, if somebody else does from now on."""
        before = self.appointment.practitioner
        return before if before.pk != self.practitioner.pk else None

    @property
    def span(self) -> Span:
        """What whoever and whatever comes into it holds: all of its time as long as it is booked, also where it was extended into the next."""
        appointment = self.appointment
        return Span(appointment.starts_at, appointment.ends_at) if appointment.is_booked else appointment.span

    @cached_property
    def changes(self) -> dict[str, Any]:
        """Each fact that will be another one: [old, new], as the audit keeps it."""
        found: dict[str, Any] = {}
        if self.former:
            found["practitioner"] = [str(self.former.pk), str(self.practitioner.pk)]
        if self.added or self.removed:
            found["clients"] = [[str(each.pk) for each in side] for side in (self.attending, self.clients)]
        before = ServiceChosen(
            self.appointment.service_name, self.appointment.service_id, self.appointment.other_service_names
        )
        if self.service is not None and self.service != before:
            found["service"] = [
                own_texts.stored(OwnText(each.name, each.other_names)) for each in (before, self.service)
            ]
        for kind, name in _RESOURCES.items():
            before_and_after = [_keys_of(kind, side) for side in (self.appointment.resources, self._resources)]
            if set(before_and_after[0]) != set(before_and_after[1]):
                found[name] = before_and_after
        for name, text in self.texts.items():
            if text != getattr(self.appointment, name):
                found[name] = [UNTOLD, UNTOLD] if name == "note" else [getattr(self.appointment, name), text]
        return found

    @property
    def _resources(self) -> list[BookableResource]:
        return self.appointment.resources if self.resources is None else self.resources

    @cached_property
    def newly_taken(self) -> list[BookableResource]:
        return [resource for resource in self._resources if resource not in self.appointment.resources]

    @property
    def is_open_group(self) -> bool:
        """Whether it stands with nobody in it: by the service that it has from now on."""
        return self.appointment.is_open_group if self.service is None else self.service.is_for_groups

    @property
    def told(self) -> notifications.Edited:
        """What those who are told need to know of it."""
        return notifications.Edited(self.changes, self.former, tuple(self.added), tuple(self.removed))


def edit_appointment(
    appointment: Appointment,
    *,
    practitioner: StaffMember | None = None,
    clients: Sequence[Client] | None = None,
    service: ServiceChosen | None = None,
    mode: str | None = None,
    location: str | None = None,
    note: str | None = None,
    resources: Sequence[BookableResource] | None = None,
    large_group_confirmed: bool = False,
    override_reason: str = "",
    reason: str = "",
    tell: bool = True,
    is_self_booked: bool = False,
    by: Any,
    now: datetime,
) -> notifications.Edited:
    """Change facts of an appointment; what is None stays. Whoever is concerned is told, unless `tell` is off. Returns what was changed.

    `is_self_booked`: whoever comes by it takes a place themselves, whose right to it the caller has looked at (`core.booking`).
    Whoever leaves by this is charged nothing. Once it is completed, only place, way and note can change; once it is cancelled, nothing.
    Raises PermissionDenied, DomainError, or ConflictError when somebody is not free or it is not what it was.
    """
    wanted = {each.pk for each in (practitioner, *(clients or ()), *(resources or ())) if each is not None}
    texts = {"mode": mode, "location": location, "note": note}
    with calendar_locks.calendar_transaction():
        appointment = calendar_locks.lock_appointment(appointment.pk, also=wanted)
        if not is_self_booked and not can_run_schedule(by, appointment.practitioner):
            raise PermissionDenied("You do not have permission to change appointments on this schedule.")
        edit = _Edit(
            appointment,
            _fresh_practitioner(appointment, practitioner),
            _fresh_clients(appointment, clients),
            {name: text for name, text in texts.items() if text is not None},
            service,
            _fresh_resources(resources),
        )
        if not edit.changes:
            return edit.told
        _check(edit, large_group_confirmed=large_group_confirmed, is_self_booked=is_self_booked, by=by)
        override, former_note = _check_available(edit, override_reason, now=now), appointment.note
        _write(edit, by=by, now=now)
        event = audit.record(
            SchedulingAudit.APPOINTMENT_CHANGED, by=by, subject=appointment, changes=edit.changes, reason=reason
        )
        if former_note and "note" in edit.changes:
            FormerNote.objects.create(appointment=appointment, event_id=event.pk, text=former_note)
        override.keep(appointment, by=by, now=now)
        if edit.former:
            facts = {"appointment": appointment, "previous": appointment.span, "left": edit.former}
            signals.appointment_moved.send(Appointment, **facts, by=by, now=now)
        if edit.removed or "service" in edit.changes:
            left = [client.pk for client in edit.removed]
            signals.places_freed.send(Appointment, appointment=appointment, left=left, by=by, now=now)
        if tell:
            notifications.edited(calendar_locks.load_appointment(appointment.pk), edit.told, by=by, now=now)
    return edit.told


def _fresh_practitioner(appointment: Appointment, chosen: StaffMember | None) -> StaffMember:
    if chosen is None or chosen.pk == appointment.practitioner_id:
        return appointment.practitioner
    return StaffMember.objects.select_related("user").get(pk=chosen.pk)


def _fresh_clients(appointment: Appointment, chosen: Sequence[Client] | None) -> list[Client]:
    """As they are in the database now: not the form decides who is active."""
    if chosen is None:
        return [place.client for place in appointment.attending]
    return list(Client.objects.filter(pk__in={client.pk for client in chosen}).order_by("sort_key", "pk"))


def _fresh_resources(chosen: Sequence[BookableResource] | None) -> list[BookableResource] | None:
    if chosen is None:
        return None
    return list(BookableResource.objects.filter(pk__in={resource.pk for resource in chosen}))


def _keys_of(kind: str, resources: Sequence[BookableResource]) -> list[str]:
    return [str(resource.pk) for resource in resources if resource.kind == kind]


def _check(edit: _Edit, *, large_group_confirmed: bool, is_self_booked: bool, by: Any) -> None:
    _check_open(edit)
    if edit.former:
        booking_checks.check_may_run(by, edit.practitioner)
    becomes_nobody = not edit.clients and not edit.is_open_group
    if becomes_nobody or len(edit.clients) > len(edit.attending):  # because a group beyond the plan may become smaller
        booking_checks.check_size(len(edit.clients), confirmed=large_group_confirmed)
    booking_checks.check_active(edit.added)  # one of a group who is not active any more stays in it, as in a move
    booking_checks.check_usable(edit.newly_taken)
    if not (edit.former or edit.added or edit.newly_taken):
        return
    if not is_self_booked:
        booking_checks.check_assigned(by, edit.practitioner, edit.clients if edit.former else edit.added)
    _check_may_return(edit)
    booking_checks.check_free(
        by=by,
        practitioner=edit.practitioner if edit.former else None,
        clients=edit.added,
        starts_at=edit.span.starts_at,
        ends_at=edit.span.ends_at,
        resources=edit.newly_taken,
        apart_from=edit.appointment.pk,
    )


def _check_available(edit: _Edit, reason: str, *, now: datetime) -> Override:
    """Whoever takes it over works then, or it is explained; who has it already has said so."""
    appointment = edit.appointment
    if not edit.former:
        return Override()
    return check_available(
        edit.practitioner,
        edit.span,
        mode=edit.texts.get("mode", appointment.mode),
        service_id=edit.service.id if edit.service else appointment.service_id,
        reason=reason,
        now=now,
        apart_from=appointment.pk,
    )


def _check_open(edit: _Edit) -> None:
    status = edit.appointment.status
    if status == Appointment.Status.CANCELLED:
        state = edit.appointment.get_status_display().lower()
        raise ConflictError("not_booked", translate("It is %(state)s and cannot be changed any more.", state=state))
    if status == Appointment.Status.COMPLETED and MONEY & edit.changes.keys():
        raise ConflictError(
            "completed",
            translate(
                "It is completed: what is charged and paid follows from who ran it, who took part and the %(service)s, so these stay. "
                "Correct the charge instead."
            ),
        )


def _check_may_return(edit: _Edit) -> None:
    """Whoever gave their place up late owes for it: a second place would be charged a second time, or not at all."""
    charged = Cancellation.objects.filter(
        participant__appointment=edit.appointment, participant__client__in=edit.added, completion_type__isnull=False
    )
    if names := [each.participant.client.name for each in charged.select_related("participant__client")]:
        raise ConflictError(
            "cancellation_charged",
            translate(
                "Cancelled late, and charged for it: %(names)s. Book a new %(appointment)s instead.",
                names=", ".join(names),
            ),
            field="clients",
        )


def _write(edit: _Edit, *, by: Any, now: datetime) -> None:
    appointment = edit.appointment
    appointment.practitioner = edit.practitioner
    if edit.former:
        appointment.free_from = None  # what of it was another's was so on the former practitioner's schedule
    if edit.service is not None:
        appointment.service_id, appointment.service_name = edit.service.id, edit.service.name
        appointment.other_service_names = dict(edit.service.other_names)
        appointment.is_open_group = edit.service.is_for_groups
    for name, text in edit.texts.items():
        setattr(appointment, name, text)
    appointment.sequence += 1
    service = ("service_id", "service_name", "other_service_names", "is_open_group")
    appointment.save(update_fields=["practitioner", "free_from", *service, "sequence", *edit.texts])
    _take_out(edit, by=by, now=now)
    _bring_in(edit)
    if edit.resources is not None:
        Reservation.objects.filter(appointment=appointment).exclude(resource__in=edit.resources).delete()
        reserve(appointment, edit.newly_taken)
    for client in edit.clients if edit.former else edit.added:
        ensure_assigned(client=client, practitioner=edit.practitioner, by=by, now=now, reason=BY_FIRST_APPOINTMENT)


def _take_out(edit: _Edit, *, by: Any, now: datetime) -> None:
    """Their places stay as rows, given up by the practice, so that they go on to see that it was theirs."""
    places = [place for place in edit.appointment.attending if place.client in edit.removed]
    for place in places:
        Cancellation.objects.create(
            appointment=edit.appointment,
            participant=place,
            party=Cancellation.Party.PRACTICE,
            cancelled_by_id=by.pk,
            cancelled_by_name=str(by),
            cancelled_at=now,
        )
    Participant.objects.filter(pk__in=[place.pk for place in places]).update(is_attending=False)


def _bring_in(edit: _Edit) -> None:
    """Whoever was in it before has their place again; the others get one."""
    appointment = edit.appointment
    former = {place.client_id: place for place in appointment.participants.all() if place.client in edit.added}
    Cancellation.objects.filter(participant__in=former.values()).delete()
    Participant.objects.filter(pk__in=[place.pk for place in former.values()]).update(is_attending=True, free_from=None)
    Participant.objects.bulk_create(
        Participant(
            appointment=appointment, client=client, starts_at=appointment.starts_at, ends_at=appointment.ends_at
        )
        for client in edit.added
        if client.pk not in former
    )
