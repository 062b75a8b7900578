"""Calendars that are kept elsewhere, read when the outbox says so: one promise follows the other as long as the calendar is there."""

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.scheduling import outbox_names
from core.scheduling.actions import read_external_calendar
from core.scheduling.models import ExternalCalendar


@outbox.handler(outbox_names.READ_CALENDAR, label=gettext_noop("Reading a calendar that is kept elsewhere"))
def read_calendar(message: OutboxMessage) -> None:
    """Read it, unless somebody else has meanwhile, which has promised the next time, too."""
    rows = ExternalCalendar.objects.select_related("practitioner__user")
    calendar = rows.filter(pk=message.payload["calendar"]).first()
    if calendar is None:
        raise outbox.Obsolete("it was taken away")
    if (calendar.tried_at.isoformat() if calendar.tried_at else "") != message.payload["tried"]:
        raise outbox.Obsolete("it was read meanwhile")
    if not calendar.practitioner.is_active:
        raise outbox.Obsolete("its owner does not work here any more")
    if not read_external_calendar(calendar, now=clock.now()):
        message.outcome = "it was taken away, or read by somebody else, while it was read"
