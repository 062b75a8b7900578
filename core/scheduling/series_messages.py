"""What people are told about series: one message about all dates, the same to a client's side and to whoever runs it."""

from django.utils.translation import get_language

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable
from core.scheduling import messages
from core.scheduling.rules.series import Pattern
from core.scheduling.series_words import in_words

CALENDAR_NOTES = {
    "booked": gettext_noop("The attached calendar file puts the whole series into your calendar."),
    "changed": gettext_noop("The attached calendar file brings the whole series in your calendar up to date."),
    "ended": gettext_noop("The attached calendar file takes these dates out of your calendar."),
}
DATES_TITLE = gettext_noop("The dates")
OFF_TITLE = gettext_noop("These dates do not take place")


def _rhythm() -> str:
    time = messages.SAMPLE_START
    return in_words(Pattern("weekly", 1, (time.weekday(),)), time.time(), language=get_language() or "en")


_SERIES = (
    Variable("rhythm", gettext_noop("How it repeats, in words"), _rhythm),
    Variable("number", gettext_noop("How many dates are still to come"), "12"),
)


def _fixed(kind: str) -> Content:
    content = messages.sample_content()
    box = Box(_rhythm(), content.boxes[0].lines)
    return Content(
        boxes=(box,),
        notes=(translate(CALENDAR_NOTES[kind]),),
        reason=content.reason,
        preview=content.preview,
    )


def _mail(kind: str, **words: str) -> Message:
    return Message(
        code=f"series_{kind}",
        channel=Channel.EMAIL,
        topic=Topic.APPOINTMENTS,
        button=gettext_noop("See all dates"),
        own_variables=(*messages.TIME, *messages.FACTS, *_SERIES),
        words=("appointment",),
        fixed=lambda: _fixed(kind),
        **words,
    )


def _notice(kind: str, **words: str) -> Message:
    return Message(
        code=f"series_{kind}",
        channel=Channel.IN_APP,
        topic=Topic.APPOINTMENTS,
        own_variables=(*messages.TIME, *messages.NOTICE_FACTS, *_SERIES),
        words=("appointment",),
        body="{{ service }}. {{ rhythm }}. {{ zone }}",
        **words,
    )


BOOKED = _mail(
    "booked",
    name=gettext_noop("Series booked"),
    about=gettext_noop("To everybody who takes part or runs it: one mail for all dates."),
    subject=gettext_noop("{{ Appointment_words }}: {{ rhythm }}, from {{ short_day }}"),
    heading=gettext_noop("A series of {{ appointment_words }} is booked"),
    body=gettext_noop("Hello {{ name }},\n\nthese {{ appointment_words }} are booked. The first is on {{ day }}."),
)
CHANGED = _mail(
    "changed",
    name=gettext_noop("Series changed"),
    about=gettext_noop("To everybody who takes part or runs it, when several dates of a series are changed at once."),
    subject=gettext_noop("Changed: {{ appointment_words }}, {{ rhythm }}"),
    heading=gettext_noop("Your series of {{ appointment_words }} has changed"),
    body=gettext_noop("Hello {{ name }},\n\nthis is how it is from now on. The next is on {{ day }}."),
)
ENDED = _mail(
    "ended",
    name=gettext_noop("Series ended"),
    about=gettext_noop("To everybody who takes part or runs it, when several dates of a series are cancelled at once."),
    subject=gettext_noop("Cancelled {{ appointment_words }}: {{ rhythm }}, from {{ short_day }}"),
    heading=gettext_noop("A series of {{ appointment_words }} has ended"),
    body=gettext_noop(
        "Hello {{ name }},\n\nfrom {{ day }} on, these {{ appointment_words }} do not take place any more."
    ),
)
BOOKED_NOTICE = _notice(
    "booked",
    name=gettext_noop("Series booked"),
    about=gettext_noop("To everybody who takes part or runs it: one mail for all dates."),
    subject=gettext_noop("New series of {{ appointment_words }}, from {{ short_day }}, {{ start }}"),
)
CHANGED_NOTICE = _notice(
    "changed",
    name=gettext_noop("Series changed"),
    about=gettext_noop("To everybody who takes part or runs it, when several dates of a series are changed at once."),
    subject=gettext_noop("Your series of {{ appointment_words }} has changed, from {{ short_day }}, {{ start }}"),
)
ENDED_NOTICE = _notice(
    "ended",
    name=gettext_noop("Series ended"),
    about=gettext_noop("To everybody who takes part or runs it, when several dates of a series are cancelled at once."),
    subject=gettext_noop("Your series of {{ appointment_words }} was cancelled from {{ short_day }}, {{ start }} on"),
)
STOPPED_NOTICE = _notice(
    "stopped",
    name=gettext_noop("A series makes no more dates"),
    about=gettext_noop("To whoever booked it, when nobody runs it or nobody comes any more."),
    subject=gettext_noop("No more dates are made of this series after {{ day }}: nobody runs it, or nobody comes"),
)

MAILS = {"booked": BOOKED, "changed": CHANGED, "ended": ENDED}
NOTICES = {"booked": BOOKED_NOTICE, "changed": CHANGED_NOTICE, "ended": ENDED_NOTICE, "stopped": STOPPED_NOTICE}
MESSAGES = (*MAILS.values(), *NOTICES.values())
