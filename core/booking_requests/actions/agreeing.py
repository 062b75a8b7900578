"""What both sides have agreed on is booked, or moved there, with all that the calendar checks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.booking.group_queries import services_for_groups
from core.booking_requests.actions.ending import end_request
from core.booking_requests.audit_codes import BookingRequestAudit
from core.booking_requests.models import BookingRequest
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.people.models import StaffMember
from core.scheduling.actions import book_appointment, booking_checks, move_appointment
from core.scheduling.models import Appointment, BookableResource


def agree(
    request: BookingRequest,
    *,
    practitioner: StaffMember,
    starts_at: datetime,
    mode: str,
    location: str = "",
    resources: Sequence[BookableResource] = (),
    override_reason: str = "",
    by: Any,
    now: datetime,
) -> Appointment:
    """Book it, or move there what is to be moved. The caller holds the request and has looked at the right of `by`.

    ConflictError for a time that has passed: nobody would be told of it.
    """
    if starts_at <= now:
        raise ConflictError("past_time", translate("This time has passed already. Choose another."), field="time")
    ends_at = starts_at + timedelta(minutes=request.minutes)
    accepted = (BookingRequest.State.ACCEPTED, BookingRequestAudit.BOOKING_REQUEST_ACCEPTED)
    booking_checks.check_active([request.client])
    if request.moves is not None:
        check_movable(request)
        # Ended first, because whatever is moved otherwise overtakes the request.
        end_request(request, *accepted, appointment=request.moves, by=by, now=now)
        return move_appointment(
            request.moves,
            starts_at=starts_at,
            ends_at=ends_at,
            time_zone=request.time_zone,
            override_reason=override_reason,
            is_by_those_concerned=True,
            by=by,
            now=now,
        )
    appointment = book_appointment(
        practitioner=practitioner,
        clients=[request.client],
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=request.time_zone,
        service_name=request.service_name,
        other_service_names=request.other_service_names,
        service_id=request.service_id,
        mode=mode,
        location=location,
        resources=resources,
        override_reason=override_reason,
        is_open_group=services_for_groups().filter(service_id=request.service_id).exists(),
        is_self_booked=True,
        by=by,
        now=now,
    )
    end_request(request, *accepted, appointment=appointment, by=by, now=now)
    return appointment


def check_movable(request: BookingRequest) -> None:
    """ConflictError unless what is to be moved is booked, with nobody but this client in it, and nobody else can join it."""
    appointment = request.moves
    assert appointment is not None
    people = list(appointment.participants.filter(is_attending=True).values_list("client_id", flat=True))
    if not appointment.is_booked or appointment.is_open_group or people != [request.client_id]:
        raise ConflictError(
            "not_movable", translate("What is to be moved is not as it was. Look at it, then answer again.")
        )
