"""Who invites guests to an appointment, and the signed link by which a guest comes."""

from typing import Any
from uuid import UUID

from django.core import signing

from core.kernel.errors import NotFound
from sessions_live.invitations.models import GuestInvitation
from sessions_live.permissions import get_room_appointment
from tenants import context

INVITATIONS = GuestInvitation.objects.select_related("guest", "appointment__practitioner__user")


def get_invitation(user: Any, pk: UUID) -> GuestInvitation:
    """The invitation, for a host of its appointment's room. NotFound and PermissionDenied as of the room."""
    found = INVITATIONS.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"invitation {pk}")
    get_room_appointment(user, found.appointment_id, host=True)
    return found


def token_for(invitation: GuestInvitation) -> str:
    """Good in this organization alone; the same at every attempt, so that a mail sent twice says the same."""
    return signing.Signer(salt=_salt(), sep=".").sign(invitation.pk.hex)


def open_invitation(token: str) -> GuestInvitation:
    """What the link opens, withdrawn or not. NotFound for a forged one."""
    try:
        pk = UUID(signing.Signer(salt=_salt(), sep=".").unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound("no such invitation") from error
    found = INVITATIONS.filter(pk=pk).first()
    if found is None:
        raise NotFound("no such invitation")
    return found


def _salt() -> str:
    return f"sessions_live.invitation:{context.current().schema}"
