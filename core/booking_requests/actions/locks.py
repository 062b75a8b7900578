"""A request is held after everybody's calendar, like an appointment: in the one order of ADR 6."""

from collections.abc import Iterable
from uuid import UUID

from core.booking_requests.models import BookingRequest
from core.booking_requests.permissions import with_everything
from core.kernel.errors import NotFound
from core.scheduling.actions import calendar_locks


def lock_request(pk: UUID, *, also: Iterable[UUID] = ()) -> BookingRequest:
    """The request as it is now, with the calendars of those in it, and of `also` others, held until the end of the transaction."""
    known = BookingRequest.objects.filter(pk=pk).select_related("moves").first()
    if known is None:
        raise NotFound(f"booking request {pk}")
    people = {known.client_id, *also, *([known.practitioner_id] if known.practitioner_id else [])}
    if known.moves_id is not None:
        calendar_locks.lock_appointment(known.moves_id, also=people)
    else:
        calendar_locks.lock_calendars(people)
    if BookingRequest.objects.select_for_update().filter(pk=pk).first() is None:
        raise NotFound(f"booking request {pk}")
    return with_everything(BookingRequest.objects.all()).get(pk=pk)
