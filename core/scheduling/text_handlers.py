"""The text messages about changes, sent when the outbox says so, each looked at again. Whoever does not want them any more is not told by them."""

from typing import Any

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import text_messages
from core.notifications.messages import Topic
from core.notifications.text_messages import TextReader
from core.scheduling import outbox_names as names
from core.scheduling import text_templates
from core.scheduling.delay_messages import DELAYED_TEXT
from core.scheduling.delay_notifications import delay_text_content
from core.scheduling.mail_contents import text_content
from core.scheduling.news import dates_of, delay_of, news_of, series_news_of
from core.scheduling.promises import ABOUT_APPOINTMENT
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.series_contents import series_text_content


@outbox.handler(
    names.TEXT_CHANGE, label=gettext_noop("Text message: booked, moved, changed or cancelled"), **ABOUT_APPOINTMENT
)
def text_change(message: OutboxMessage) -> None:
    """Tell one person by text message what the mail tells them."""
    facts, now = message.payload, clock.now()
    appointment, _clients, recipient = news_of(facts)
    if appointment.starts_at <= now:
        raise outbox.Obsolete("it has begun")
    for_client, for_practitioner = text_templates.TEXTS[facts["kind"]]
    text_messages.send(
        message,
        for_client if recipient.clients else for_practitioner,
        to=_reader(recipient),
        content=lambda: text_content(appointment, recipient, facts["kind"], now=now),
        about=appointment,
    )


@outbox.handler(names.TEXT_DELAY, label=gettext_noop("Text message: may begin later"), **ABOUT_APPOINTMENT)
def text_delay(message: OutboxMessage) -> None:
    """Tell one person by text message that it may begin later, or on time after all, as long as that is so."""
    now = clock.now()
    appointment, recipient, until = delay_of(message.payload, now=now)
    text_messages.send(
        message,
        DELAYED_TEXT,
        to=_reader(recipient),
        content=lambda: delay_text_content(appointment, recipient, until, now=now),
        about=appointment,
    )


@outbox.handler(
    names.TEXT_SERIES, label=gettext_noop("Text message: a series booked, changed or ended"), **ABOUT_APPOINTMENT
)
def text_series(message: OutboxMessage) -> None:
    """Tell one person of a series by one text message, however many dates it has."""
    facts, now = message.payload, clock.now()
    series, _clients, recipient, entry = series_news_of(facts)
    shown = [each for each in dates_of(entry, facts, now=now) if each.starts_at > now]
    if not shown:
        raise outbox.Obsolete("nothing of it is to come")
    text_messages.send(
        message,
        text_templates.SERIES_TEXTS[facts["kind"]],
        to=_reader(recipient),
        content=lambda: series_text_content(series, shown, recipient),
        about=shown[0],
    )


def _reader(recipient: AppointmentRecipient) -> TextReader:
    user: Any = recipient.user
    to = text_messages.reader_of(user.pk, time_zone=recipient.zone, language=user.reads, topic=Topic.APPOINTMENTS)
    if to is None:
        raise outbox.Obsolete("they do not want it by text message")
    return to
