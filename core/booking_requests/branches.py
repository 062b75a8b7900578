"""To which branch a request belongs: of who asks, else of whom they ask for."""

from uuid import UUID

from branding.speaking import register
from core.booking_requests.models import BookingRequest
from core.people.branches import branch_of_meeting


def _of_request(request: BookingRequest, user_id: str) -> UUID | None:
    return branch_of_meeting([request.client], request.practitioner, user_id)


def register_requests() -> None:
    """Let mail, push and notices ask. At start-up."""
    register("booking_requests.bookingrequest", _of_request)
