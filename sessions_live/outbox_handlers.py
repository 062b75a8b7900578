"""What the outbox does for live rooms: look whether those who are in still hold their seats, and tell whoever is not there that it begins."""

from datetime import datetime, timedelta

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.people.models import User
from core.scheduling.recipients import recipient_for
from sessions_live import messages, notifications
from sessions_live.actions import seats
from sessions_live.models import Admission, Room
from sessions_live.outbox_names import TELL_START, WATCH_SEATS

NEWS_FOR = timedelta(minutes=15)  # after that it has been going on for too long to be news


@outbox.handler(WATCH_SEATS, label=gettext_noop("Who is still in %(session:a|an)s %(session)s"))
def watch_seats(message: OutboxMessage) -> None:
    """Whoever has gone without a word is out when their lease has run out; looked at again as long as somebody is in."""
    room = Room.objects.select_related("appointment__practitioner__user").filter(pk=message.payload["room"]).first()
    if room is None:
        raise outbox.Obsolete("there is no such room any more")
    again = seats.look_after(room, now=clock.now())
    if again is not None:
        outbox.enqueue(WATCH_SEATS, due_at=again, room=str(room.pk))


@outbox.handler(TELL_START, label=gettext_noop("Mail: it begins"), is_mail=True)
def tell_start(message: OutboxMessage) -> None:
    """Mail one login that the session has begun, unless they are there, or it is over, or no news any more."""
    facts = message.payload
    room = Room.objects.select_related("appointment__practitioner__user").filter(pk=facts["room"]).first()
    user = User.objects.filter(pk=facts["user"]).first()
    if room is None or user is None or room.ended_at is not None or not room.appointment.is_booked:
        raise outbox.Obsolete("it is over")
    if clock.now() - datetime.fromisoformat(facts["began_at"]) > NEWS_FOR:
        raise outbox.Obsolete("it began too long ago")
    if room.admissions.filter(user=user, state__in=Admission.OPEN_STATES).exists():
        raise outbox.Obsolete("they are there")
    clients = [place.client for place in room.appointment.attending]
    recipient = recipient_for(user, room.appointment, clients)
    if recipient is None or not recipient.clients:
        raise outbox.Obsolete("it is no longer their business")
    mail.send(
        message,
        messages.STARTED_MAIL,
        to=recipient.mail_recipient,
        content=lambda: notifications.start_content(room, person=facts["person"]),
        about=room.appointment,
    )
