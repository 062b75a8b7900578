"""What the outbox does for live rooms: look whether those who are in still hold their seats."""

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from sessions_live.actions import seats
from sessions_live.models import Room
from sessions_live.outbox_names import WATCH_SEATS


@outbox.handler(WATCH_SEATS, label=gettext_noop("Who is still in %(session:a|an)s %(session)s"))
def watch_seats(message: OutboxMessage) -> None:
    """Whoever has gone without a word is out when their lease has run out; looked at again as long as somebody is in."""
    room = Room.objects.select_related("appointment__practitioner__user").filter(pk=message.payload["room"]).first()
    if room is None:
        raise outbox.Obsolete("there is no such room any more")
    again = seats.look_after(room, now=clock.now())
    if again is not None:
        outbox.enqueue(WATCH_SEATS, due_at=again, room=str(room.pk))
