"""What people write in a live room."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel.errors import ConflictError, DomainError
from core.kernel.ids import new_id
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from sessions_live import broadcasts, notifications
from sessions_live.models import Admission, ChatMessage, LinkGuest, Person, Room

LONGEST_MESSAGE = 2000


@dataclass(frozen=True, slots=True)
class PrivateMessage:
    """From one person who is in to another."""

    id: str
    sender: Admission
    recipient: Admission
    text: str
    at: datetime


@transaction.atomic
def post_message(room: Room, text: str, *, by: Person, waiting_person: Person | None, now: datetime) -> ChatMessage:
    """Write to everybody in the session, or between the hosts and one waiting person."""
    text = checked_text(text)
    sender = {"sending_guest" if isinstance(by, LinkGuest) else "sender": by}
    waiting = {"waiting_guest" if isinstance(waiting_person, LinkGuest) else "waiting_person": waiting_person}
    message = ChatMessage.objects.create(room=room, **sender, **waiting, sender_name=by.name, text=text, at=now)
    broadcasts.message_posted(room, message)
    if waiting_person is not None:
        notifications.forward_message(room, message)
    return message


def private_message(room: Room, text: str, *, by: Admission, to: Any, now: datetime) -> PrivateMessage:
    """What one person writes to one other, one of whom is a host. It is written down nowhere: it goes from page to page.

    Errors: those of the text; `not_admitted`, `not_here`, `only_with_hosts`.
    """
    if by.state != Admission.State.ADMITTED:
        raise DomainError("not_admitted", translate("You are not in this %(session)s."))
    text = checked_text(text)
    inside = room.admissions.select_related("guest").filter(state=Admission.State.ADMITTED)
    recipient = inside.filter(pk=to).exclude(pk=by.pk).first()
    if recipient is None:
        raise ConflictError("not_here", translate("They are not here any more. Your message was not sent."))
    if not (by.is_host or recipient.is_host):
        raise DomainError(
            "only_with_hosts", translate("Only whoever leads the %(session)s can be written to privately.")
        )
    return PrivateMessage(str(new_id()), by, recipient, text, now)


def checked_text(text: str) -> str:
    """What may stand in a chat. Errors: `empty_message`, `message_too_long`, `control_characters`."""
    text = text.strip()
    require_plain(text)
    if not text:
        raise DomainError("empty_message", translate("Write something first."))
    if len(text) > LONGEST_MESSAGE:
        raise DomainError(
            "message_too_long",
            translate("A message has at most %(longest_message)s characters.", longest_message=LONGEST_MESSAGE),
        )
    return text
