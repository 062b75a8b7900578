"""What those who want a time do: ask, take a proposed time, let none suit, withdraw."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from core.booking_requests import notifications
from core.booking_requests.actions.agreeing import agree
from core.booking_requests.actions.checks import LONGEST_NOTE, LONGEST_WISH, check_open, check_spans, check_words
from core.booking_requests.actions.ending import end_request, promise_expiry, wait_until
from core.booking_requests.actions.locks import lock_request
from core.booking_requests.audit_codes import BookingRequestAudit
from core.booking_requests.models import BookingRequest, Proposal, RequestedTime
from core.booking_requests.permissions import can_ask_for, can_ask_to_move, client_to_move, with_everything
from core.booking_requests.queries import practitioners_to_ask
from core.booking_requests.rules.booking_requests import Act
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.models import Client, StaffMember, User
from core.people.permissions import can_act_for
from core.scheduling.actions import ask_for_other_time, booking_checks, calendar_locks
from core.scheduling.actions.answers import hold_link
from core.scheduling.actions.calendar_locks import calendar_transaction
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.appointment_links import OpenLink
from core.scheduling.models import Appointment
from core.scheduling.rules import wall_time
from core.scheduling.rules.appointment_links import LinkAct

MOST_OPEN = 10  # of one client at a time


def ask_for_appointment(
    *,
    client: Client,
    service: ServiceChosen,
    minutes: int,
    mode: str,
    time_zone: str,
    starts: Sequence[datetime],
    practitioner: StaffMember | None = None,
    wish: str = "",
    note: str = "",
    by: Any,
    now: datetime,
) -> BookingRequest:
    """Ask for an appointment at one of `starts`, or as `wish` says in words. Nothing is held by it: whoever answers sees who else asks.

    `time_zone` is the IANA zone in which the times were meant. Raises PermissionDenied or DomainError.
    """
    with calendar_transaction():
        calendar_locks.lock_calendars([client.pk])
        client = Client.objects.get(pk=client.pk)
        _check_may_ask(by, client)
        if practitioner is not None and practitioner not in practitioners_to_ask([client]):
            raise DomainError(
                "practitioner_not_asked", translate("Choose from the list, or anybody."), field="practitioner"
            )
        request = BookingRequest(
            client=client,
            practitioner=practitioner,
            service_id=service.id,
            service_name=service.name,
            other_service_names=dict(service.other_names),
            minutes=minutes,
            mode=mode,
        )
        return _ask(request, starts, time_zone=time_zone, wish=wish, note=note, by=by, now=now)


def ask_to_move(
    appointment: Appointment,
    *,
    client: Client,
    starts: Sequence[datetime],
    time_zone: str,
    wish: str = "",
    note: str = "",
    by: Any,
    now: datetime,
) -> BookingRequest:
    """Ask for another time for an appointment, which stands as it is until that is accepted."""
    with calendar_transaction():
        appointment = calendar_locks.lock_appointment(appointment.pk)
        client = Client.objects.get(pk=client.pk)
        if not can_ask_to_move(by, appointment, client):
            raise PermissionDenied("not allowed to ask for another time")
        if appointment.starts_at <= now:
            raise ConflictError("has_begun", translate("It has begun already."))
        if BookingRequest.objects.filter(moves=appointment, client=client, state__in=BookingRequest.OPEN).exists():
            raise ConflictError("asked_already", translate("Another time is asked for already. Look at that request."))
        request = BookingRequest(
            client=client,
            moves=appointment,
            practitioner=appointment.practitioner,
            service_id=appointment.service_id,
            service_name=appointment.service_name,
            other_service_names=appointment.other_service_names,
            minutes=appointment.minutes,
            mode=appointment.mode,
        )
        return _ask(request, starts, time_zone=time_zone, wish=wish, note=note, by=by, now=now)


def ask_by_link(link: OpenLink, *, wish: str, starts_at: datetime, now: datetime) -> BookingRequest | None:
    """The same by the link in a mail, in words. Whoever has no login, or is in a group, cannot ask: their wish is passed on to whoever runs it.

    `starts_at` is the time they were shown; ConflictError when it has another one by now, or one is asked for already.
    """
    with calendar_transaction():
        link = hold_link(link, LinkAct.ASK, starts_at=starts_at, now=now)
        client = client_to_move(link.holder, link.appointment) if isinstance(link.holder, User) else None
        if client is None:
            ask_for_other_time(link, wish=wish, starts_at=starts_at, now=now)
            return None
        how = {"starts": (), "time_zone": client.time_zone, "by": link.holder, "now": now}
        return ask_to_move(link.appointment, client=client, wish=wish, **how)


def accept_proposed(request: BookingRequest, *, time: UUID, by: Any, now: datetime) -> Appointment:
    """Take one of the times that are proposed: it is booked, or moved there, if it is still free.

    Raises PermissionDenied, DomainError (the client is not active), ConflictError (not free any more, or settled meanwhile).
    """
    with calendar_transaction():
        found = RequestedTime.objects.filter(pk=time, request=request).first()
        also = [found.practitioner_id] if found is not None and found.practitioner_id else []
        request = _held(request, Act.ACCEPT_PROPOSED, also=also, by=by, now=now)
        proposal = request.proposal
        chosen = next((each for each in request.times.all() if each.pk == time), None)
        if chosen is None or proposal is None or chosen.proposal_id != proposal.pk or chosen.practitioner is None:
            raise ConflictError("not_proposed", translate("This time is not proposed any more. Choose another."))
        return _agreed(request, proposal, chosen.practitioner, chosen.starts_at, by=by, now=now)


def keep_request(request: BookingRequest, *, words: str = "", by: Any, now: datetime) -> BookingRequest:
    """None of the proposed times suits: the request waits for an answer again, with what was asked for."""
    words = check_words(words, LONGEST_WISH, "words")
    with calendar_transaction():
        request = _held(request, Act.KEEP, by=by, now=now)
        proposal = request.proposal
        assert proposal is not None
        proposal.answer, proposal.refused_at = words, now
        proposal.save(update_fields=["answer", "refused_at"])
        request.state, request.changed_at = BookingRequest.State.ASKED, now
        wait_until(request)
        request.save(update_fields=["state", "changed_at", "expires_at"])
        promise_expiry(request)
        audit.record(
            BookingRequestAudit.BOOKING_REQUEST_KEPT, by=by, subject=request, changes={"state": ["proposed", "asked"]}, reason=words
        )  # fmt: skip
        notifications.tell_staff("kept", request, by=by, words=words)
    return request


def withdraw_request(request: BookingRequest, *, by: Any, now: datetime) -> BookingRequest:
    """Ask no longer. What it was to move stays as it is."""
    with calendar_transaction():
        request = _held(request, Act.WITHDRAW, by=by, now=now)
        state, code = BookingRequest.State.WITHDRAWN, BookingRequestAudit.BOOKING_REQUEST_WITHDRAWN
        end_request(request, state, code, by=by, now=now)
        notifications.tell_staff("withdrawn", request, by=by)
    return request


def _agreed(
    request: BookingRequest,
    proposal: Proposal,
    practitioner: StaffMember,
    starts_at: datetime,
    *,
    by: Any,
    now: datetime,
) -> Appointment:
    """Beside the hours for the reason that was given with the proposal, or not at all."""
    try:
        return agree(
            request,
            practitioner=practitioner,
            starts_at=starts_at,
            mode=request.mode,
            override_reason=f"{proposal.override_reason} ({proposal.made_by})" if proposal.override_reason else "",
            by=by,
            now=now,
        )
    except DomainError as refusal:
        if refusal.code != "not_available":
            raise
        raise ConflictError("not_available", translate(booking_checks.NOT_GIVEN)) from refusal


def _check_may_ask(by: Any, client: Client) -> None:
    booking_checks.check_active([client])
    if not can_ask_for(by, client):
        raise PermissionDenied("not allowed to ask for this client")
    if BookingRequest.objects.filter(client=client, state__in=BookingRequest.OPEN).count() >= MOST_OPEN:
        raise DomainError(
            "many_requests",
            translate("%(most)s requests are open already. Wait for an answer, or withdraw one.", most=MOST_OPEN),
        )


def _ask(
    request: BookingRequest,
    starts: Sequence[datetime],
    *,
    time_zone: str,
    wish: str,
    note: str,
    by: Any,
    now: datetime,
) -> BookingRequest:
    wish, note = check_words(wish, LONGEST_WISH, "wish"), check_words(note, LONGEST_NOTE, "note")
    if not wall_time.is_zone(time_zone):
        raise DomainError("unknown_zone", translate("Choose a time zone from the list."), field="time_zone")
    spans = check_spans(starts, request.minutes, now=now, needed=not wish)
    if request.moves is not None and request.moves.starts_at in spans:
        raise DomainError("same_time", translate("It has one of these times already. Name others."))
    request.asked_by, request.asked_at, request.changed_at = by, now, now
    request.time_zone, request.wish, request.note = time_zone, wish, note
    request.expires_at = now
    request.save()
    length = timedelta(minutes=request.minutes)
    RequestedTime.objects.bulk_create(
        RequestedTime(request=request, starts_at=start, ends_at=start + length) for start in spans
    )
    request = with_everything(BookingRequest.objects.all()).get(pk=request.pk)
    wait_until(request)
    request.save(update_fields=["expires_at"])
    promise_expiry(request)
    changes = {
        "times": [None, [start.isoformat() for start in spans]],
        "service": [None, request.service_name],
        "practitioner": [None, str(request.practitioner_id) if request.practitioner_id else None],
        "client": [None, str(request.client_id)],
    }
    audit.record(BookingRequestAudit.BOOKING_REQUEST_ASKED, by=by, subject=request, changes=changes)
    notifications.tell_staff("asked", request, by=by, words=note)
    return request


def _held(request: BookingRequest, act: Act, *, also: Sequence[UUID] = (), by: Any, now: datetime) -> BookingRequest:
    """The request as it stands, locked, for somebody who acts for its client."""
    found = lock_request(request.pk, also=also)
    if not by.is_active or not can_act_for(by, found.client):
        raise PermissionDenied("not allowed to act for this client")
    check_open(found, act, now=now)
    return found
