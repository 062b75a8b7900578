"""What becomes of an offer: taken, let go, run out. Exactly one takes a time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from core.booking.group_queries import places_left_in, services_for_groups
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.scheduling.actions import book_appointment, booking_checks, calendar_locks, edit_appointment
from core.scheduling.actions.calendar_locks import calendar_transaction
from core.scheduling.models import Appointment
from core.scheduling.rules.conflicts import Span
from core.waiting_list.actions.offering import close_offers, promise_offer, release
from core.waiting_list.actions.places import no_place_left
from core.waiting_list.audit_codes import WaitingListAudit
from core.waiting_list.models import WaitingEntry, WaitingOffer
from core.waiting_list.permissions import can_answer, offers_with_all

State = WaitingOffer.State


def accept_offer(offer: WaitingOffer, *, by: Any, now: datetime) -> Appointment:
    """Take it: it is booked with all that the calendar checks; again it is the same appointment. Other offers of the time are over by that.

    Raises PermissionDenied, DomainError (the client is not active), ConflictError when it ran out, or somebody else has the time.
    """
    with calendar_transaction():
        offer = _held(offer, by=by)
        if offer.state == State.ACCEPTED and offer.appointment is not None:
            return offer.appointment
        _check_open(offer, now=now)
        entry = offer.entry
        appointment = _booked(offer, by=by, now=now)
        offer.state, offer.answered_at, offer.appointment = State.ACCEPTED, now, appointment
        offer.save(update_fields=["state", "answered_at", "appointment"])
        entry.state, entry.changed_at = WaitingEntry.State.SERVED, now
        entry.save(update_fields=["state", "changed_at"])
        changes = {"state": ["waiting", "served"], "appointment": [None, str(appointment.pk)]}
        audit.record(WaitingListAudit.WAITING_ENTRY_SERVED, by=by, subject=entry, changes=changes)
        _end_others(offer, now=now)
        release(offer)
    return appointment


def end_taken_offer(offer: WaitingOffer, *, now: datetime) -> bool:
    """End it if its time was booked otherwise meanwhile; whether it was. What is left of the time goes to the next."""
    with calendar_transaction():
        found = _locked(offer.pk)
        if found is None or found.state != State.OPEN or not _is_booked_over(found, now=now):
            return False
        close_offers(WaitingOffer.objects.filter(pk=found.pk), State.LOST, now=now)
    return True


def decline_offer(offer: WaitingOffer, *, by: Any, now: datetime) -> None:
    """Let it go, and wait on; it goes to the next."""
    with calendar_transaction():
        offer = _held(offer, by=by)
        _check_open(offer, now=now)
        close_offers(WaitingOffer.objects.filter(pk=offer.pk), State.DECLINED, by=by, now=now)


def expire_offer(pk: UUID, *, now: datetime) -> bool:
    """Let it run out, if it was not answered; whether it did."""
    with calendar_transaction():
        offer = _locked(pk)
        if offer is None or offer.state != State.OPEN or offer.expires_at > now:
            return False
        close_offers(WaitingOffer.objects.filter(pk=pk), State.EXPIRED, now=now)
    return True


def _is_booked_over(offer: WaitingOffer, *, now: datetime) -> bool:
    if offer.group is not None:
        return not _stands(offer, offer.group) or not places_left_in(offer.group, now=now, apart_from=offer.hold)
    booked = Appointment.objects.filter(
        practitioner=offer.practitioner, starts_at__lt=offer.ends_at, ends_at__gt=offer.starts_at
    )
    span = Span(offer.starts_at, offer.ends_at)
    return any(each.span.overlaps(span) for each in booked.exclude(status=Appointment.Status.CANCELLED))


def _stands(offer: WaitingOffer, group: Appointment) -> bool:
    """Whether the group is still what the place was offered in: at that time, with that practitioner, for that service."""
    offered = (offer.starts_at, offer.practitioner_id, offer.entry.service_id)
    return group.is_booked and (group.starts_at, group.practitioner_id, group.service_id) == offered


def _joined(offer: WaitingOffer, *, by: Any, now: datetime) -> Appointment:
    """A place in the group, as long as one is left beside those that are held for others."""
    assert offer.group_id is not None
    group, client = calendar_locks.load_appointment(offer.group_id), offer.entry.client
    present = [place.client for place in group.attending]
    if client in present:
        return group
    if not _stands(offer, group):
        raise ConflictError(
            "group_changed",
            translate("The %(group)s is not what it was when the place was offered. You are still on the list."),
        )
    if not places_left_in(group, now=now, apart_from=offer.hold):
        raise no_place_left()
    edit_appointment(group, clients=[*present, client], large_group_confirmed=True, is_self_booked=True, by=by, now=now)
    return group


def _booked(offer: WaitingOffer, *, by: Any, now: datetime) -> Appointment:
    if offer.group_id is not None:
        return _joined(offer, by=by, now=now)
    entry = offer.entry
    try:
        return book_appointment(
            practitioner=offer.practitioner,
            clients=[entry.client],
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            time_zone=entry.client.time_zone,
            service_name=entry.service_name,
            other_service_names=entry.other_service_names,
            service_id=entry.service_id,
            mode=entry.mode,
            override_reason=translate("Offered by %(name)s", name=offer.by_hand) if offer.by_hand else "",
            is_open_group=services_for_groups().filter(service_id=entry.service_id).exists(),
            is_self_booked=True,
            by=by,
            now=now,
        )
    except DomainError as refusal:
        if refusal.code != "not_available":
            raise
        raise ConflictError("not_available", translate(booking_checks.NOT_GIVEN)) from refusal


def _end_others(offer: WaitingOffer, *, now: datetime) -> None:
    """Whoever was offered a part of the same time has it no longer; what is left of it goes to the next."""
    if offer.group_id is not None:
        _end_others_of_place(offer, now=now)
        return
    touching = WaitingOffer.objects.filter(
        practitioner=offer.practitioner, group=None, starts_at__lt=offer.ends_at, ends_at__gt=offer.starts_at
    )
    close_offers(touching.exclude(pk=offer.pk), State.LOST, goes_on=False, now=now)
    for rest in (Span(offer.freed_from, offer.starts_at), Span(offer.ends_at, offer.freed_until)):
        if rest.starts_at < rest.ends_at:
            promise_offer(offer.practitioner_id, rest, apart_from=offer.apart_from, now=now)


def _end_others_of_place(offer: WaitingOffer, *, now: datetime) -> None:
    """Whoever shared the place has another one that is kept in the group, or that is free again; else none any more."""
    others = WaitingOffer.objects.filter(group=offer.group_id, state=State.OPEN).exclude(pk=offer.pk)
    sharing = others.filter(hold=offer.hold_id)
    kept = others.exclude(hold=offer.hold_id).exclude(hold=None).values_list("hold", flat=True).first()
    assert offer.group is not None
    if kept is not None:
        sharing.update(hold=kept)
    elif not places_left_in(offer.group, now=now, apart_from=offer.hold):
        close_offers(sharing, State.LOST, goes_on=False, now=now)


def _held(offer: WaitingOffer, *, by: Any) -> WaitingOffer:
    found = _locked(offer.pk)
    if found is None or not can_answer(by, found):
        raise PermissionDenied("not allowed to answer this offer")
    return found


def _locked(pk: UUID) -> WaitingOffer | None:
    """The offer as it is now, behind the calendars of both."""
    known = WaitingOffer.objects.filter(pk=pk).values_list("practitioner_id", "entry__client_id", "group_id").first()
    if known is None:
        return None
    *people, group = known
    if group is not None:
        calendar_locks.lock_appointment(group, also=people)
    else:
        calendar_locks.lock_calendars(people)
    WaitingOffer.objects.select_for_update().filter(pk=pk).first()
    return offers_with_all().get(pk=pk)


def _check_open(offer: WaitingOffer, *, now: datetime) -> None:
    if offer.state == State.LOST:
        raise ConflictError(
            "time_taken",
            translate("Somebody else was faster: this time is not free any more. You are still on the list."),
        )
    if not offer.is_open(now):
        raise ConflictError("offer_over", translate("This offer is over."))
