"""To which branch a room and whoever waits before it belong: of the appointment that is held there."""

from uuid import UUID

from branding.speaking import branch_for, register
from sessions_live.models import Admission, Room


def _of_room(room: Room, user_id: str) -> UUID | None:
    return branch_for(room.appointment, user_id)


def _of_admission(admission: Admission, user_id: str) -> UUID | None:
    return branch_for(admission.room.appointment, user_id)


def register_rooms() -> None:
    """Let push and notices ask. At start-up."""
    register("sessions_live.room", _of_room)
    register("sessions_live.admission", _of_admission)
