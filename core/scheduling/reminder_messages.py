"""What people are told before an appointment; and what whoever runs it is told of the answers that come by the link in a reminder."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Link, Message, Topic, Variable
from core.scheduling.messages import (
    ANSWER_LINK,
    JOIN_LINK,
    LOGIN_REASON,
    NOTICE_FACTS,
    ON_SCHEDULE_REASON,
    TIME,
    sample_time,
)

_COUNT = (
    Variable("number", gettext_noop("How many there are"), "1"),
    Variable("several", gettext_noop("Whether there are several"), may_be_empty=True, can_be_written=False),
)


def _agenda() -> Content:
    time = sample_time()
    lines = (time.hours, time.zone, translate("Assessment"), translate("With %(name)s", name=translate("Max Example")))
    return Content(
        boxes=(Box(time.day, (*lines, translate("Online")), "#"),),
        links=(Link(translate(JOIN_LINK), "#", is_button=True), Link(translate(ANSWER_LINK), "#", is_button=True)),
        reason=translate(LOGIN_REASON),
        preview=str(time),
    )


def _schedule() -> Content:
    time = sample_time()
    lines = (time.hours, time.zone, translate("Assessment"), translate("For %(names)s", names=translate("Kim Example")))
    return Content(
        boxes=(Box(time.day, (*lines, translate("Online")), "#"),),
        links=(Link(translate(JOIN_LINK), "#", is_button=True),),
        reason=translate(ON_SCHEDULE_REASON),
        preview=str(time),
    )


REMINDER = Message(
    code="appointment_reminder",
    channel=Channel.EMAIL,
    topic=Topic.REMINDERS,
    name=gettext_noop("Reminder"),
    about=gettext_noop(
        "As long before as the settings say, to every login: a day before, all that is planned for that day."
    ),
    subject=gettext_noop(
        "Reminder: {% if several %}{{ number }} {{ appointment_words }}, {{ short_day }}"
        "{% else %}{{ appointment_word }}, {{ short_day }}, {{ start }}{% endif %}"
    ),
    heading=gettext_noop(
        "{% if several %}Your {{ appointment_words }} on {{ day }}{% else %}A reminder of your {{ appointment_word }}{% endif %}"
    ),
    body=gettext_noop("Hello {{ name }},\n\nthis is coming up:"),
    button=gettext_noop("See your {{ appointment_words }}"),
    own_variables=(*TIME, *_COUNT),
    words=("appointment",),
    fixed=_agenda,
)
SCHEDULE_REMINDER = Message(
    code="schedule_reminder",
    channel=Channel.EMAIL,
    topic=Topic.REMINDERS,
    name=gettext_noop("Reminder, to whoever runs it"),
    about=gettext_noop("As long before as the settings say, to whoever’s schedule it is on, with the way in."),
    subject=gettext_noop(
        "On your schedule: {% if several %}{{ number }} {{ appointment_words }}, {{ short_day }}"
        "{% else %}{{ appointment_word }}, {{ short_day }}, {{ start }}{% endif %}"
    ),
    heading=gettext_noop("On your schedule"),
    body=gettext_noop("Hello {{ name }},\n\nthis is coming up:"),
    button=gettext_noop("See your calendar"),
    own_variables=(*TIME, *_COUNT),
    words=("appointment",),
    fixed=_schedule,
)
REMINDER_NOTICE = Message(
    code="appointment_reminder",
    channel=Channel.IN_APP,
    topic=Topic.REMINDERS,
    name=gettext_noop("Reminder"),
    about=gettext_noop("Beside the reminder by mail, and in its place for whoever has muted that."),
    subject=gettext_noop(
        "{% if several %}{{ number }} {{ appointment_words }}, {{ short_day }}"
        "{% else %}{{ Appointment_word }}, {{ short_day }}, {{ start }}{% endif %}"
    ),
    body="{% unless several %}{{ service }}. {{ day }}, {{ hours }}{% endunless %}",
    own_variables=(*TIME, *_COUNT, Variable("service", gettext_noop("What takes place"), gettext_noop("Assessment"))),
    words=("appointment",),
)
SCHEDULE_REMINDER_NOTICE = Message(
    code="schedule_reminder",
    channel=Channel.IN_APP,
    topic=Topic.REMINDERS,
    name=gettext_noop("Reminder, to whoever runs it"),
    about=gettext_noop("Beside the reminder by mail, and in its place for whoever has muted that."),
    subject=gettext_noop(
        "On your schedule: {% if several %}{{ number }} {{ appointment_words }}, {{ short_day }}"
        "{% else %}{{ appointment_word }}, {{ short_day }}, {{ start }}{% endif %}"
    ),
    body="{% unless several %}{{ service }}. {{ day }}, {{ hours }}{% endunless %}",
    own_variables=(*TIME, *_COUNT, Variable("service", gettext_noop("What takes place"), gettext_noop("Assessment"))),
    words=("appointment",),
)
RUNNING_LATE_NOTICE = Message(
    code="running_late",
    channel=Channel.IN_APP,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("Somebody will be late"),
    about=gettext_noop("To whoever runs it, when somebody says so by the link in a reminder."),
    subject=gettext_noop("{{ clients }} will be about {{ minutes }} minutes late"),
    body="{{ service }}. {{ day }}, {{ hours }}",
    own_variables=(*TIME, *NOTICE_FACTS, Variable("minutes", gettext_noop("By how many minutes"), "10")),
    words=("appointment",),
)
TIME_ASKED_NOTICE = Message(
    code="time_asked",
    channel=Channel.IN_APP,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("Somebody asks for another time"),
    about=gettext_noop("To whoever runs it, with what they wrote, when somebody asks by the link in a reminder."),
    subject=gettext_noop("{{ clients }} asks for another time than {{ short_day }}, {{ start }}"),
    body="{{ wish }}",
    own_variables=(
        *TIME,
        *NOTICE_FACTS,
        Variable("wish", gettext_noop("What they wrote"), gettext_noop("Could it be an hour later?")),
    ),
    words=("appointment",),
)
REMINDER_MESSAGES = (
    REMINDER,
    SCHEDULE_REMINDER,
    REMINDER_NOTICE,
    SCHEDULE_REMINDER_NOTICE,
    RUNNING_LATE_NOTICE,
    TIME_ASKED_NOTICE,
)
