"""Questions about guests who are invited to an appointment."""

from core.scheduling.models import Appointment
from sessions_live.invitations.models import GuestInvitation
from sessions_live.invitations.permissions import INVITATIONS


def invitations_to(appointment: Appointment) -> list[GuestInvitation]:
    """Who is invited at present, the first first."""
    return list(INVITATIONS.filter(appointment=appointment, withdrawn_at=None, guest__blocked_at=None))
