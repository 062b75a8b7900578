"""What people are told about appointments: a client's side, and whoever's schedule it is on, each from their own view."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.utils.translation import get_language

from branding.queries import current_brand
from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Link, Message, Topic, Variable
from core.scheduling.time_formats import FormattedTime, format_time_span

# Sentences that stand in a mail whatever its words are; `notifications` puts them in.
CALENDAR_NOTES = {
    "booked": gettext_noop("The attached calendar file puts it into your calendar."),
    "moved": gettext_noop("The attached calendar file moves it in your calendar."),
    "cancelled": gettext_noop("The attached calendar file takes it out of your calendar."),
    "removed": gettext_noop("The attached calendar file takes it out of your calendar."),
    "handed_over": gettext_noop("The attached calendar file takes it out of your calendar."),
    "changed": gettext_noop("The attached calendar file brings your calendar up to date."),
}
OUT = ("cancelled", "removed", "handed_over")  # it is theirs no longer
CHANGES_NOTE = gettext_noop("What is new")
TEST_LINK = gettext_noop("Test camera, microphone and connection beforehand")
ANSWER_LINK = gettext_noop("Confirm, change or cancel, without signing in")
JOIN_LINK = gettext_noop("Join online")
CALENDAR_LINK = gettext_noop("Add it to your calendar")
LOGIN_REASON = gettext_noop("You receive this because of your login here.")
LINKED_REASON = gettext_noop("You receive this because your login is linked to %(names)s.")
ON_SCHEDULE_REASON = gettext_noop("You receive this because it is on your schedule.")
NAMED_REASON = gettext_noop("You receive this because your login is linked to the people named above.")

SAMPLE_START = datetime(2030, 5, 7, 8, 0, tzinfo=UTC)


def sample_time(previous: bool = False) -> FormattedTime:
    """The time of samples, in the organization's zone and the language in force."""
    starts = SAMPLE_START - timedelta(days=1) if previous else SAMPLE_START
    ends = starts + timedelta(minutes=50)
    return format_time_span(starts, ends, zone=current_brand().time_zone, language=get_language() or "en")


def _part(name: str, *, previous: bool = False) -> Callable[[], str]:
    return lambda: str(getattr(sample_time(previous), name))


TIME = (
    Variable("day", gettext_noop("The day, in full"), _part("day")),
    Variable("short_day", gettext_noop("The day, in short"), _part("short_day")),
    Variable("start", gettext_noop("When it begins"), _part("start")),
    Variable("hours", gettext_noop("From when to when"), _part("hours")),
    Variable("zone", gettext_noop("In which time zone"), _part("zone")),
)
FACTS = (
    Variable(
        "service",
        gettext_noop("What takes place; empty where your mail names nobody"),
        gettext_noop("Assessment"),
        may_be_empty=True,
    ),
    Variable(
        "clients",
        gettext_noop("For whom; empty where your mail names nobody"),
        gettext_noop("Kim Example"),
        may_be_empty=True,
    ),
    Variable("practitioner", gettext_noop("Who runs it"), gettext_noop("Max Example")),
    Variable("mode", gettext_noop("Online or in person"), gettext_noop("Online")),
    Variable("place", gettext_noop("Where; empty online and where it is not agreed"), may_be_empty=True),
)
_PREVIOUS = (
    Variable(
        "previous_day", gettext_noop("On which day it was before"), _part("day", previous=True), may_be_empty=True
    ),
    Variable(
        "previous_hours", gettext_noop("At what time it was before"), _part("hours", previous=True), may_be_empty=True
    ),
)


def _fixed(kind: str, *, for_practitioner: bool) -> Callable[[], Content]:
    """What stands in the mail, of samples."""

    def content() -> Content:
        time = sample_time()
        facts = [translate("Assessment"), translate("For %(names)s", names=translate("Kim Example"))]
        if not for_practitioner:
            facts.append(translate("With %(name)s", name=translate("Max Example")))
        links = (
            ()
            if kind in OUT
            else (
                Link(translate(JOIN_LINK), "#", is_button=True),
                *(() if for_practitioner else (Link(translate(ANSWER_LINK), "#"),)),
                Link(translate(CALENDAR_LINK), "#"),
            )
        )
        return Content(
            boxes=(Box(time.day, (time.hours, time.zone, *facts, translate("Online"))),),
            links=links,
            notes=(translate(CALENDAR_NOTES[kind]),),
            reason=translate(ON_SCHEDULE_REASON if for_practitioner else LOGIN_REASON),
            preview=str(time),
        )

    return content


def sample_content() -> Content:
    """What stands in a mail about something booked, of samples."""
    return _fixed("booked", for_practitioner=False)()


def _mail(code: str, kind: str, *, for_practitioner: bool = False, **words: str) -> Message:
    return Message(
        code=code,
        channel=Channel.EMAIL,
        topic=Topic.APPOINTMENTS,
        button=gettext_noop("See the {{ appointment_word }}"),
        own_variables=(*TIME, *FACTS, *(_PREVIOUS if kind == "moved" else ())),
        words=("appointment",),
        fixed=_fixed(kind, for_practitioner=for_practitioner),
        **words,
    )


def _notice(code: str, **words: str) -> Message:
    return Message(
        code=code,
        channel=Channel.IN_APP,
        topic=Topic.APPOINTMENTS,
        own_variables=(*TIME, *NOTICE_FACTS, *_SAME_START),
        words=("appointment",),
        body="{{ service }}. {{ zone }}",
        **words,
    )


NOTICE_FACTS = (
    Variable("service", gettext_noop("What takes place"), gettext_noop("Assessment")),
    Variable("clients", gettext_noop("For whom"), gettext_noop("Kim Example")),
    Variable("practitioner", gettext_noop("Who runs it"), gettext_noop("Max Example")),
)
_SAME_START = (
    Variable("same_start", gettext_noop("Whether only its end was moved"), may_be_empty=True, can_be_written=False),
)

BOOKED = _mail(
    "appointment_booked",
    "booked",
    name=gettext_noop("Booked"),
    about=gettext_noop("To every login of those for whom it was booked."),
    subject="{{ Appointment_word }}: {{ short_day }}, {{ start }}",
    heading=gettext_noop("Your {{ appointment_word }} is booked"),
    body=gettext_noop("Hello {{ name }},\n\nthis {{ appointment_word }} was booked for you."),
)
MOVED = _mail(
    "appointment_moved",
    "moved",
    name=gettext_noop("Moved"),
    about=gettext_noop("To every login of those whose time it is, when it has another."),
    subject=gettext_noop("New time for your {{ appointment_word }}: {{ short_day }}, {{ start }}"),
    heading=gettext_noop("Your {{ appointment_word }} has a new time"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{% if previous_day and previous_hours %}it was planned for {{ previous_day }}, {{ previous_hours }}. "
        "The new time is:{% else %}the new time is:{% endif %}"
    ),
)
CANCELLED = _mail(
    "appointment_cancelled",
    "cancelled",
    name=gettext_noop("Cancelled"),
    about=gettext_noop("To every login of those whose place is given up."),
    subject=gettext_noop("Cancelled {{ appointment_word }}: {{ short_day }}, {{ start }}"),
    heading=gettext_noop("Your {{ appointment_word }} was cancelled"),
    body=gettext_noop("Hello {{ name }},\n\nthis {{ appointment_word }} will not take place for you:"),
)
SCHEDULE_BOOKED = _mail(
    "schedule_booked",
    "booked",
    for_practitioner=True,
    name=gettext_noop("Booked, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody else has put it there."),
    subject=gettext_noop(
        "New on your schedule: {{ appointment_word }}{% if clients %} with {{ clients }}{% endif %}, {{ short_day }}, {{ start }}"
    ),
    heading=gettext_noop("New on your schedule"),
    body=gettext_noop("Hello {{ name }},\n\nthere is a new {{ appointment_word }} on your schedule."),
)
SCHEDULE_MOVED = _mail(
    "schedule_moved",
    "moved",
    for_practitioner=True,
    name=gettext_noop("Moved, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody else has moved it."),
    subject=gettext_noop(
        "Moved on your schedule: {{ appointment_word }}{% if clients %} with {{ clients }}{% endif %}, {{ short_day }}, {{ start }}"
    ),
    heading=gettext_noop("Moved on your schedule"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{% if previous_day and previous_hours %}it was planned for {{ previous_day }}, {{ previous_hours }}. "
        "The new time is:{% else %}the new time is:{% endif %}"
    ),
)
SCHEDULE_CANCELLED = _mail(
    "schedule_cancelled",
    "cancelled",
    for_practitioner=True,
    name=gettext_noop("Cancelled, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody else has cancelled it."),
    subject=gettext_noop(
        "Cancelled on your schedule: {{ appointment_word }}{% if clients %} with {{ clients }}{% endif %}, {{ short_day }}, {{ start }}"
    ),
    heading=gettext_noop("Cancelled on your schedule"),
    body=gettext_noop("Hello {{ name }},\n\nthis {{ appointment_word }} will not take place:"),
)
CHANGED = _mail(
    "appointment_changed",
    "changed",
    name=gettext_noop("Changed"),
    about=gettext_noop("To every login of those who take part, when place, way or whoever runs it is another one."),
    subject=gettext_noop("Changed: {{ appointment_word }}, {{ short_day }}, {{ start }}"),
    heading=gettext_noop("Something about your {{ appointment_word }} has changed"),
    body=gettext_noop("Hello {{ name }},\n\nthe time stays the same. This is how it is now:"),
)
SCHEDULE_CHANGED = _mail(
    "schedule_changed",
    "changed",
    for_practitioner=True,
    name=gettext_noop("Changed, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody else has changed it."),
    subject=gettext_noop(
        "Changed on your schedule: {{ appointment_word }}{% if clients %} with {{ clients }}{% endif %}, {{ short_day }}, {{ start }}"
    ),
    heading=gettext_noop("Changed on your schedule"),
    body=gettext_noop("Hello {{ name }},\n\nthe time stays the same. This is how it is now:"),
)
SCHEDULE_HANDED_OVER = _mail(
    "schedule_handed_over",
    "handed_over",
    for_practitioner=True,
    name=gettext_noop("Handed over"),
    about=gettext_noop("To whoever’s schedule it was on, when somebody else runs it from now on."),
    subject=gettext_noop("No longer on your schedule: {{ appointment_word }}, {{ short_day }}, {{ start }}"),
    heading=gettext_noop("No longer on your schedule"),
    body=gettext_noop("Hello {{ name }},\n\n{{ practitioner }} runs this {{ appointment_word }} from now on:"),
)

BOOKED_NOTICE = _notice(
    "appointment_booked",
    name=gettext_noop("Booked"),
    about=gettext_noop("To every login of those for whom it was booked."),
    subject=gettext_noop("New {{ appointment_word }}: {{ short_day }}, {{ start }}"),
)
MOVED_NOTICE = _notice(
    "appointment_moved",
    name=gettext_noop("Moved"),
    about=gettext_noop("To every login of those whose time it is, when it has another."),
    subject=gettext_noop(
        "{% if same_start %}Your {{ appointment_word }} on {{ short_day }} now takes from {{ hours }}"
        "{% else %}Your {{ appointment_word }} was moved to {{ short_day }}, {{ start }}{% endif %}"
    ),
)
CANCELLED_NOTICE = _notice(
    "appointment_cancelled",
    name=gettext_noop("Cancelled"),
    about=gettext_noop("To every login of those whose place is given up."),
    subject=gettext_noop("Your {{ appointment_word }} on {{ short_day }}, {{ start }} was cancelled"),
)
SCHEDULE_BOOKED_NOTICE = _notice(
    "schedule_booked",
    name=gettext_noop("Booked, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody else has put it there."),
    subject=gettext_noop("New on your schedule: {{ clients }}, {{ short_day }}, {{ start }}"),
)
SCHEDULE_MOVED_NOTICE = _notice(
    "schedule_moved",
    name=gettext_noop("Moved, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody else has moved it."),
    subject=gettext_noop(
        "{% if same_start %}{{ clients }} on {{ short_day }} now takes from {{ hours }}"
        "{% else %}{{ clients }} was moved to {{ short_day }}, {{ start }}{% endif %}"
    ),
)
SCHEDULE_CANCELLED_NOTICE = _notice(
    "schedule_cancelled",
    name=gettext_noop("Cancelled, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody else has cancelled it."),
    subject=gettext_noop("Cancelled on your schedule: {{ clients }}, {{ short_day }}, {{ start }}"),
)
CHANGED_NOTICE = _notice(
    "appointment_changed",
    name=gettext_noop("Changed"),
    about=gettext_noop("To every login of those who take part, when place, way or whoever runs it is another one."),
    subject=gettext_noop("Your {{ appointment_word }} on {{ short_day }}, {{ start }} has changed"),
)
SCHEDULE_CHANGED_NOTICE = _notice(
    "schedule_changed",
    name=gettext_noop("Changed, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody else has changed it."),
    subject=gettext_noop("Changed on your schedule: {{ clients }}, {{ short_day }}, {{ start }}"),
)
SCHEDULE_HANDED_OVER_NOTICE = _notice(
    "schedule_handed_over",
    name=gettext_noop("Handed over"),
    about=gettext_noop("To whoever’s schedule it was on, when somebody else runs it from now on."),
    subject=gettext_noop("No longer on your schedule, but on that of {{ practitioner }}: {{ short_day }}, {{ start }}"),
)

# What happened → the message to a client's side, and to whoever's schedule it is on.
MAILS = {
    "booked": (BOOKED, SCHEDULE_BOOKED),
    "moved": (MOVED, SCHEDULE_MOVED),
    "cancelled": (CANCELLED, SCHEDULE_CANCELLED),
    "changed": (CHANGED, SCHEDULE_CHANGED),
    "removed": (CANCELLED, SCHEDULE_CANCELLED),
    "handed_over": (SCHEDULE_HANDED_OVER, SCHEDULE_HANDED_OVER),
}
NOTICES = {
    "booked": (BOOKED_NOTICE, SCHEDULE_BOOKED_NOTICE),
    "moved": (MOVED_NOTICE, SCHEDULE_MOVED_NOTICE),
    "cancelled": (CANCELLED_NOTICE, SCHEDULE_CANCELLED_NOTICE),
    "changed": (CHANGED_NOTICE, SCHEDULE_CHANGED_NOTICE),
    "removed": (CANCELLED_NOTICE, SCHEDULE_CANCELLED_NOTICE),
    "handed_over": (SCHEDULE_HANDED_OVER_NOTICE, SCHEDULE_HANDED_OVER_NOTICE),
}
MESSAGES = (
    BOOKED, MOVED, CANCELLED, SCHEDULE_BOOKED, SCHEDULE_MOVED, SCHEDULE_CANCELLED,
    BOOKED_NOTICE, MOVED_NOTICE, CANCELLED_NOTICE, SCHEDULE_BOOKED_NOTICE, SCHEDULE_MOVED_NOTICE, SCHEDULE_CANCELLED_NOTICE,
    CHANGED, SCHEDULE_CHANGED, SCHEDULE_HANDED_OVER, CHANGED_NOTICE, SCHEDULE_CHANGED_NOTICE, SCHEDULE_HANDED_OVER_NOTICE,
)  # fmt: skip
