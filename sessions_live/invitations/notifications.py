"""Who of the invited guests is told what."""

from typing import Any

from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications.mail import Recipient
from core.notifications.messages import Box, Content
from core.scheduling.mail_contents import time_values
from core.scheduling.time_formats import format_time_span
from sessions_live.invitations import messages
from sessions_live.invitations.models import GuestInvitation
from sessions_live.invitations.outbox_names import TELL_GUEST
from sessions_live.invitations.permissions import token_for
from tenants.absolute_urls import absolute_url

INVITED, MOVED, CANCELLED, WITHDRAWN = "invited", "moved", "cancelled", "withdrawn"
OUT = frozenset({CANCELLED, WITHDRAWN})


def tell(invitation: GuestInvitation, kind: str, *, by: Any) -> None:
    """Promise the mail; for the same time and kind once, unless it is sent again by a host."""
    appointment = invitation.appointment
    start = appointment.starts_at
    key = f"guest_invitation:{invitation.pk}:{kind}:{start:%Y%m%dT%H%M%S}:{invitation.times_sent}"
    facts = {"invitation": str(invitation.pk), "kind": kind, "starts_at": start.isoformat()}
    outbox.enqueue(TELL_GUEST, key=key, by=by, about=appointment, **facts)


def recipient_of(invitation: GuestInvitation) -> Recipient:
    """The guest, who reads the appointment's own zone: theirs is not known."""
    return Recipient(
        user_id="",
        name=invitation.guest.name,
        address=invitation.email,
        time_zone=invitation.appointment.time_zone,
        language=invitation.guest.language,
    )


def content_for(invitation: GuestInvitation, kind: str) -> Content:
    """What the mail says, in the language in force. It names nobody but those who run it, and nothing of what it is about."""
    appointment, inviter = invitation.appointment, invitation.invited_by.name
    time = format_time_span(
        appointment.starts_at, appointment.ends_at, zone=appointment.time_zone, language=invitation.guest.language
    )
    return Content(
        values={
            **time_values(time),
            "practitioner": str(appointment.practitioner),
            "inviter": inviter,
            ("cancelled" if kind in OUT else "moved"): translate("yes") if kind in (MOVED, CANCELLED) else "",
        },
        boxes=[Box(time.day, [time.hours, time.zone])],
        button_url="" if kind in OUT else absolute_url(page_of(invitation)),
        reason=translate(messages.REASON, name=inviter),
        preview=str(time),
    )


def page_of(invitation: GuestInvitation) -> str:
    """The way in, on the organization's host."""
    return f"/invited/{token_for(invitation)}/"
