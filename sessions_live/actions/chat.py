"""What people write in a live room."""

from datetime import datetime

from django.db import transaction

from core.kernel.errors import DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from sessions_live import broadcasts, notifications
from sessions_live.models import ChatMessage, LinkGuest, Person, Room

LONGEST_MESSAGE = 2000


@transaction.atomic
def post_message(room: Room, text: str, *, by: Person, waiting_person: Person | None, now: datetime) -> ChatMessage:
    """Write to everybody in the session, or between the hosts and one waiting person."""
    text = text.strip()
    require_plain(text)
    if not text:
        raise DomainError("empty_message", translate("Write something first."))
    if len(text) > LONGEST_MESSAGE:
        raise DomainError(
            "message_too_long",
            translate("A message has at most %(longest_message)s characters.", longest_message=LONGEST_MESSAGE),
        )
    sender = {"sending_guest" if isinstance(by, LinkGuest) else "sender": by}
    waiting = {"waiting_guest" if isinstance(waiting_person, LinkGuest) else "waiting_person": waiting_person}
    message = ChatMessage.objects.create(room=room, **sender, **waiting, sender_name=by.name, text=text, at=now)
    broadcasts.message_posted(room, message)
    if waiting_person is not None:
        notifications.forward_message(room, message)
    return message
