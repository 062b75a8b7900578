"""What people write in a live room."""

from datetime import datetime

from django.db import transaction

from core.kernel.errors import DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.people.models import User
from sessions_live import broadcasts, notifications
from sessions_live.models import ChatMessage, Room

LONGEST_MESSAGE = 2000


@transaction.atomic
def post_message(room: Room, text: str, *, by: User, waiting_person: User | None, now: datetime) -> ChatMessage:
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
    message = ChatMessage.objects.create(
        room=room, sender=by, sender_name=by.name, waiting_person=waiting_person, text=text, at=now
    )
    broadcasts.message_posted(room, message)
    if waiting_person is not None:
        notifications.forward_message(room, message)
    return message
