"""The one thing that those who wait are told: that a time is offered to them, and until when."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Link, Message, Topic, Variable
from core.scheduling.messages import LOGIN_REASON, sample_time

LET_GO = gettext_noop("Let it go")
NOTE = gettext_noop("The buttons work without signing in, until the time has run out or is taken.")
_FACTS = (
    Variable("day", gettext_noop("The day, in full"), lambda: sample_time().day),
    Variable("short_day", gettext_noop("The day, in short"), lambda: sample_time().short_day),
    Variable("start", gettext_noop("When it begins"), lambda: sample_time().start),
    Variable("hours", gettext_noop("From when to when"), lambda: sample_time().hours),
    Variable("practitioner", gettext_noop("Who runs it"), gettext_noop("Max Example")),
    Variable(
        "service",
        gettext_noop("What it is about; empty where your mail names nobody"),
        gettext_noop("Assessment"),
        may_be_empty=True,
    ),
    Variable(
        "clients",
        gettext_noop("For whom; empty where your mail names nobody"),
        gettext_noop("Kim Example"),
        may_be_empty=True,
    ),
    Variable(
        "until", gettext_noop("Until when it is kept"), lambda: f"{sample_time().short_day}, {sample_time().start}"
    ),
)


def _sample() -> Content:
    time = sample_time()
    return Content(
        boxes=(Box(time.day, (time.hours, time.zone, translate("With %(name)s", name=translate("Max Example")))),),
        links=(Link(translate(LET_GO), "#"),),
        notes=(translate(NOTE),),
        reason=translate(LOGIN_REASON),
        preview=str(time),
    )


WAITING_OFFER = Message(
    code="waiting_offer",
    channel=Channel.EMAIL,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("A time from the waiting list"),
    about=gettext_noop("To every login of whoever waits, when a time that fits has freed."),
    subject=gettext_noop("A time has become free: {{ short_day }}, {{ start }}"),
    heading=gettext_noop("A time has become free"),
    body=gettext_noop(
        "Hello {{ name }},\n\nyou are on our waiting list. This time has become free; you can take it until {{ until }}:"
    ),
    button=gettext_noop("Take this time"),
    own_variables=_FACTS,
    words=("appointment",),
    fixed=_sample,
)
WAITING_OFFER_NOTICE = Message(
    code="waiting_offer",
    channel=Channel.IN_APP,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("A time from the waiting list"),
    about=gettext_noop("To every login of whoever waits, when a time that fits has freed."),
    subject=gettext_noop("A time has become free: {{ short_day }}, {{ start }}"),
    body=gettext_noop("It can be taken until {{ until }}."),
    own_variables=_FACTS,
    words=("appointment",),
)
WAITING_OFFER_TEXT = Message(
    code="waiting_offer",
    channel=Channel.SMS,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("A time from the waiting list"),
    about=gettext_noop("To the mobile number of every login that wants it."),
    subject=gettext_noop(
        "{{ organization }}: {{ short_day }}, {{ start }} has become free for you, until {{ until }}. Take it or let it go: {{ link }}"
    ),
    own_variables=(
        *(each for each in _FACTS if each.name in ("day", "short_day", "start", "hours", "until")),
        Variable("link", gettext_noop("Where one takes it, or lets it go"), "https://example.org/w/b5f0c6/"),
    ),
    words=("appointment",),
)
MESSAGES = (WAITING_OFFER, WAITING_OFFER_NOTICE, WAITING_OFFER_TEXT)
