"""What the outbox does for live rooms: look whether those who are in still hold their seats, and tell whoever is not there that it begins."""

from datetime import datetime
from typing import Any

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail, still_so, text_messages
from core.notifications.messages import Content, Topic
from core.people.models import User
from core.scheduling.recipients import AppointmentRecipient, recipient_for
from sessions_live import messages, notifications
from sessions_live.actions import seats
from sessions_live.models import Admission, Room
from sessions_live.outbox_names import TELL_START, TEXT_START, WATCH_SEATS
from sessions_live.permissions import ROOMS
from tenants.absolute_urls import absolute_url


@outbox.handler(WATCH_SEATS, label=gettext_noop("Who is still in %(session:a|an)s %(session)s"))
def watch_seats(message: OutboxMessage) -> None:
    """Whoever has gone without a word is out when their lease has run out; looked at again as long as somebody is in."""
    room = ROOMS.filter(pk=message.payload["room"]).first()
    if room is None:
        raise outbox.Obsolete("there is no such room any more")
    again = seats.look_after(room, now=clock.now())
    if again is not None:
        outbox.enqueue(WATCH_SEATS, due_at=again, room=str(room.pk))


@outbox.handler(TELL_START, label=gettext_noop("Mail: it begins"), is_mail=True)
def tell_start(message: OutboxMessage) -> None:
    """Mail one login that the session has begun, unless they are there, or it is over, or no news any more."""
    facts = message.payload
    room, recipient = _absent_at_start(facts)
    mail.send(
        message,
        messages.STARTED_MAIL,
        to=recipient.mail_recipient,
        content=lambda: notifications.start_content(room, person=facts["person"]),
        about=room.appointment,
    )


@outbox.handler(TEXT_START, label=gettext_noop("Text message: it begins"))
def text_start(message: OutboxMessage) -> None:
    """The same as a text message."""
    facts = message.payload
    room, recipient = _absent_at_start(facts)
    user = recipient.user
    to = text_messages.reader_of(user.pk, time_zone=recipient.zone, language=user.reads, topic=Topic.LIVE)
    if to is None:
        raise outbox.Obsolete("they do not want it by text message")
    link = absolute_url(notifications.room_path(room))
    values = {"person": facts["person"], "link": link}
    text_messages.send(
        message, messages.STARTED_TEXT, to=to, content=lambda: Content(values=values), about=room.appointment
    )


def check_running(pk: str, user_id: Any, happens_at: datetime | None) -> None:
    """Obsolete when push that this room is open is nothing for this login any more (`core.notifications.still_so`)."""
    _absent(pk, user_id)


def check_waiting(pk: str, user_id: Any, happens_at: datetime | None) -> None:
    """Obsolete when nobody waits any more."""
    if not Admission.objects.filter(pk=pk, state=Admission.State.WAITING).exists():
        raise outbox.Obsolete("they wait no more")


still_so.register(Room._meta.label_lower, check_running)
still_so.register(Admission._meta.label_lower, check_waiting)


def _absent_at_start(facts: dict[str, Any]) -> tuple[Room, AppointmentRecipient]:
    room, recipient = _absent(facts["room"], facts["user"])
    if clock.now() - datetime.fromisoformat(facts["began_at"]) > notifications.NEWS_FOR:
        raise outbox.Obsolete("it began too long ago")
    return room, recipient


def _absent(room_id: str, user_id: Any) -> tuple[Room, AppointmentRecipient]:
    """The room and whom it concerns, as long as it is open and they are not there."""
    room = ROOMS.filter(pk=room_id, appointment__isnull=False).first()
    user = User.objects.filter(pk=user_id).first()
    if (
        room is None
        or room.appointment is None
        or user is None
        or room.ended_at is not None
        or not room.appointment.is_booked
    ):
        raise outbox.Obsolete("it is over")
    if room.admissions.filter(user=user, state__in=Admission.OPEN_STATES).exists():
        raise outbox.Obsolete("they are there")
    recipient = recipient_for(user, room.appointment, [place.client for place in room.appointment.attending])
    if recipient is None or not recipient.clients:
        raise outbox.Obsolete("it is no longer their business")
    return room, recipient
