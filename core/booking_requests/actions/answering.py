"""What those who run the schedule do: accept one of the times, propose others, decline."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from core.booking_requests import notifications
from core.booking_requests.actions.agreeing import agree, check_movable
from core.booking_requests.actions.checks import LONGEST_REASON, check_open, check_spans, check_words
from core.booking_requests.actions.ending import end_request, promise_expiry, wait_until
from core.booking_requests.actions.locks import lock_request
from core.booking_requests.audit_codes import BookingRequestAudit
from core.booking_requests.models import BookingRequest, Proposal, RequestedTime
from core.booking_requests.permissions import can_answer, with_everything
from core.booking_requests.rules.booking_requests import Act
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import StaffMember
from core.scheduling.actions import booking_checks
from core.scheduling.actions.availability_checks import check_available
from core.scheduling.actions.calendar_locks import calendar_transaction
from core.scheduling.models import Appointment, BookableResource
from core.scheduling.permissions import can_run_schedule
from core.scheduling.rules.conflicts import Span


def accept_request(
    request: BookingRequest,
    *,
    time: UUID,
    practitioner: StaffMember,
    mode: str = "",
    location: str = "",
    resources: Sequence[BookableResource] = (),
    override_reason: str = "",
    by: Any,
    now: datetime,
) -> Appointment:
    """Accept one of the times that were asked for: it is booked, or what is to be moved is moved there.

    Raises PermissionDenied; DomainError (the client is not active, beside the practitioner's time without a reason); ConflictError when
    somebody is not free, or the request is settled meanwhile.
    """
    with calendar_transaction():
        also = [practitioner.pk, *(each.pk for each in resources)]
        request = _held(request, Act.ACCEPT, practitioner, also=also, by=by, now=now)
        chosen = next((each for each in request.asked_times if each.pk == time), None)
        if chosen is None:
            raise DomainError("unknown_time", translate("Choose one of the times that were asked for."), field="time")
        return agree(
            request,
            practitioner=practitioner,
            starts_at=chosen.starts_at,
            mode=mode or request.mode,
            location=location,
            resources=resources,
            override_reason=override_reason,
            by=by,
            now=now,
        )


def propose_times(
    request: BookingRequest,
    *,
    practitioner: StaffMember,
    starts: Sequence[datetime],
    message: str = "",
    override_reason: str = "",
    by: Any,
    now: datetime,
) -> Proposal:
    """Propose other times, all with this practitioner. Each must be free now; nothing is held, and whoever comes first has it.

    Raises PermissionDenied; DomainError; ConflictError naming who is not free.
    """
    message = check_words(message, LONGEST_REASON, "message")
    with calendar_transaction():
        request = _held(request, Act.PROPOSE, practitioner, also=[practitioner.pk], by=by, now=now)
        booking_checks.check_works(practitioner)
        booking_checks.check_active([request.client])
        spans = check_spans(starts, request.minutes, now=now, needed=True)
        length = timedelta(minutes=request.minutes)
        for start in spans:
            _check_open_time(request, practitioner, Span(start, start + length), override_reason, by=by, now=now)
        request.proposals.filter(refused_at=None).update(refused_at=now)  # because this one takes their place
        proposal = Proposal.objects.create(
            request=request, message=message, override_reason=override_reason.strip(), made_by=by, made_at=now
        )
        RequestedTime.objects.bulk_create(
            RequestedTime(
                request=request, proposal=proposal, practitioner=practitioner, starts_at=start, ends_at=start + length
            )
            for start in spans
        )
        before, request = request.state, with_everything(BookingRequest.objects.all()).get(pk=request.pk)
        request.state, request.changed_at = BookingRequest.State.PROPOSED, now
        wait_until(request)
        request.save(update_fields=["state", "changed_at", "expires_at"])
        promise_expiry(request)
        changes = {
            "state": [before, "proposed"],
            "times": [None, [start.isoformat() for start in spans]],
            "practitioner": [None, str(practitioner.pk)],
        }
        audit.record(BookingRequestAudit.BOOKING_REQUEST_PROPOSED, by=by, subject=request, changes=changes)
        notifications.tell_askers("proposed", request, by=by, words=message)
    return proposal


def decline_request(request: BookingRequest, *, reason: str, by: Any, now: datetime) -> BookingRequest:
    """Offer none of it, and say why. What it was to move stays as it is."""
    reason = check_words(reason, LONGEST_REASON, "reason")
    if not reason:
        raise DomainError("no_reason", translate("Say why: whoever asked reads it."), field="reason")
    with calendar_transaction():
        request = _held(request, Act.DECLINE, None, by=by, now=now)
        state, code = BookingRequest.State.DECLINED, BookingRequestAudit.BOOKING_REQUEST_DECLINED
        end_request(request, state, code, reason=reason, by=by, now=now)
        notifications.tell_askers("declined", request, by=by, words=reason)
    return request


def _held(
    request: BookingRequest,
    act: Act,
    practitioner: StaffMember | None,
    *,
    also: Sequence[UUID] = (),
    by: Any,
    now: datetime,
) -> BookingRequest:
    """The request as it stands, locked, for somebody who answers it and runs the schedule on which it would be."""
    found = lock_request(request.pk, also=also)
    if not can_answer(by, found):
        raise PermissionDenied("not allowed to answer this request")
    if practitioner is not None and not can_run_schedule(by, practitioner):
        raise PermissionDenied("You do not have permission to add appointments to this schedule.")
    check_open(found, act, now=now)
    if practitioner is not None and found.moves is not None and practitioner.pk != found.moves.practitioner_id:
        raise DomainError(
            "other_practitioner",
            translate("Another time is asked for, not another %(practitioner)s."),
            field="practitioner",
        )
    if (
        practitioner is not None and practitioner != found.runner
    ):  # whom they have asked by name, nobody needs to assign
        booking_checks.check_assigned(by, practitioner, [found.client])
    return found


def _check_open_time(
    request: BookingRequest, practitioner: StaffMember, span: Span, reason: str, *, by: Any, now: datetime
) -> None:
    """ConflictError or DomainError unless it could be booked now."""
    if request.moves is not None:
        check_movable(request)
    booking_checks.check_free(
        by=by,
        practitioner=practitioner,
        clients=[request.client],
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        resources=request.moves.resources if request.moves is not None else (),
        apart_from=request.moves_id,
    )
    check_available(
        practitioner,
        span,
        mode=request.mode,
        service_id=request.service_id,
        reason=reason,
        now=now,
        apart_from=request.moves_id,
    )
