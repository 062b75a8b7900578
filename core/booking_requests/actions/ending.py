"""How a request ends: the row that says so, and the ends that nobody brings about."""

from datetime import datetime
from typing import Any

from core.booking_requests import notifications, outbox_names
from core.booking_requests.actions.locks import lock_request
from core.booking_requests.audit_codes import BookingRequestAudit
from core.booking_requests.models import BookingRequest, RequestEnd
from core.booking_requests.rules.booking_requests import expires_at
from core.kernel import audit, outbox
from core.scheduling.actions.calendar_locks import calendar_transaction
from core.scheduling.models import Appointment

State = BookingRequest.State


def end_request(
    request: BookingRequest,
    state: State,
    code: BookingRequestAudit,
    *,
    appointment: Appointment | None = None,
    reason: str = "",
    by: Any = None,
    now: datetime,
) -> None:
    """Write that it ended so. The caller holds its row."""
    before, request.state, request.changed_at = request.state, state, now
    request.save(update_fields=["state", "changed_at"])
    RequestEnd.objects.create(
        request=request,
        appointment=appointment,
        reason=reason,
        ended_by_id=getattr(by, "pk", None),
        ended_by_name=str(by)[:150] if by is not None and getattr(by, "pk", None) else "",
        ended_at=now,
    )
    changes = {"state": [before, str(state)]}
    if appointment is not None:
        changes["appointment"] = [None, str(appointment.pk)]
    audit.record(code, by=by or audit.SYSTEM, subject=request, changes=changes, reason=reason)


def wait_until(request: BookingRequest) -> None:
    """Let the request expire with its last time. The caller saves it."""
    moves_from = request.moves.starts_at if request.moves is not None else None
    refused = {each.pk for each in request.proposals.all() if each.refused_at is not None}
    starts = [each.starts_at for each in request.times.all() if each.proposal_id not in refused]
    request.expires_at = expires_at(starts, said_at=request.changed_at, moves_from=moves_from)


def promise_expiry(request: BookingRequest) -> None:
    """Promise to look again when it expires."""
    key = f"request:expire:{request.pk}:{request.expires_at.timestamp()}"
    outbox.enqueue(outbox_names.EXPIRE, due_at=request.expires_at, key=key, about=request, request=str(request.pk))


def expire_request(request: BookingRequest, *, now: datetime) -> bool:
    """End it if all its times have passed; whether it did."""
    with calendar_transaction():
        request = lock_request(request.pk)
        if not request.is_open or request.expires_at > now:
            return False
        end_request(request, State.EXPIRED, BookingRequestAudit.BOOKING_REQUEST_EXPIRED, now=now)
        notifications.tell_staff("expired", request)
        notifications.tell_askers("expired", request)
    return True


def settle_overtaken(appointment: Appointment, *, was_moved: bool, by: Any, now: datetime) -> None:
    """End the requests to move an appointment that was moved, cancelled or completed, or whose people have left it."""
    still = {place.client_id for place in appointment.attending} if appointment.is_booked and not was_moved else set()
    waiting = BookingRequest.objects.select_for_update().filter(moves=appointment, state__in=BookingRequest.OPEN)
    for request in waiting.exclude(client__in=still).order_by("pk"):
        end_request(request, State.OVERTAKEN, BookingRequestAudit.BOOKING_REQUEST_OVERTAKEN, by=by, now=now)
