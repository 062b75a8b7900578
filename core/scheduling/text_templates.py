"""What text messages about appointments say: when, and where to answer. Nothing of what it is about, because anybody may read a telephone."""

from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic, Variable
from core.scheduling.messages import TIME

_LINK = Variable("link", gettext_noop("Where one answers, or sees it"), "https://example.org/a/b5f0c6/")
_SEVERAL = Variable("several", gettext_noop("Whether there are several"), may_be_empty=True, can_be_written=False)
_NUMBER = Variable("number", gettext_noop("How many there are"), "1")


def _text(code: str, topic: Topic, name: str, about: str, subject: str, *more: Variable) -> Message:
    return Message(
        code=code,
        channel=Channel.SMS,
        topic=topic,
        name=name,
        about=about,
        subject=subject,
        own_variables=(*TIME, _LINK, *more),
        words=("appointment",),
    )


_TO_LOGINS = gettext_noop("To the mobile number of every login that wants it.")
_TO_PRACTITIONER = gettext_noop("To the mobile number of whoever runs it, if they want it.")

REMINDER_TEXT = _text(
    "appointment_reminder",
    Topic.REMINDERS,
    gettext_noop("Reminder"),
    _TO_LOGINS,
    gettext_noop(
        "{{ organization }}: {% if several %}{{ number }} {{ appointment_words }} on {{ short_day }}, first at {{ start }}. Answer for this one: "
        "{% else %}{{ appointment_word }} on {{ short_day }}, {{ start }}. Answer: {% endif %}{{ link }}"
    ),
    _SEVERAL,
    _NUMBER,
)
SCHEDULE_REMINDER_TEXT = _text(
    "schedule_reminder",
    Topic.REMINDERS,
    gettext_noop("Reminder, to whoever runs it"),
    _TO_PRACTITIONER,
    gettext_noop(
        "{{ organization }}: on your schedule {{ short_day }}, {{ start }}{% if several %}, {{ number }} {{ appointment_words }}{% endif %}. "
        "{{ link }}"
    ),
    _SEVERAL,
    _NUMBER,
)
BOOKED_TEXT = _text(
    "appointment_booked",
    Topic.APPOINTMENTS,
    gettext_noop("Booked"),
    _TO_LOGINS,
    gettext_noop("{{ organization }}: {{ appointment_word }} booked for {{ short_day }}, {{ start }}. {{ link }}"),
)
MOVED_TEXT = _text(
    "appointment_moved",
    Topic.APPOINTMENTS,
    gettext_noop("Moved"),
    _TO_LOGINS,
    gettext_noop("{{ organization }}: your {{ appointment_word }} is now on {{ short_day }}, {{ start }}. {{ link }}"),
)
CANCELLED_TEXT = _text(
    "appointment_cancelled",
    Topic.APPOINTMENTS,
    gettext_noop("Cancelled"),
    _TO_LOGINS,
    gettext_noop("{{ organization }}: your {{ appointment_word }} on {{ short_day }}, {{ start }} is off. {{ link }}"),
)
SCHEDULE_BOOKED_TEXT = _text(
    "schedule_booked",
    Topic.APPOINTMENTS,
    gettext_noop("Booked, to whoever runs it"),
    _TO_PRACTITIONER,
    gettext_noop("{{ organization }}: new on your schedule {{ short_day }}, {{ start }}. {{ link }}"),
)
SCHEDULE_MOVED_TEXT = _text(
    "schedule_moved",
    Topic.APPOINTMENTS,
    gettext_noop("Moved, to whoever runs it"),
    _TO_PRACTITIONER,
    gettext_noop("{{ organization }}: moved on your schedule, now {{ short_day }}, {{ start }}. {{ link }}"),
)
SCHEDULE_CANCELLED_TEXT = _text(
    "schedule_cancelled",
    Topic.APPOINTMENTS,
    gettext_noop("Cancelled, to whoever runs it"),
    _TO_PRACTITIONER,
    gettext_noop("{{ organization }}: off on your schedule {{ short_day }}, {{ start }}. {{ link }}"),
)
CHANGED_TEXT = _text(
    "appointment_changed",
    Topic.APPOINTMENTS,
    gettext_noop("Changed"),
    _TO_LOGINS,
    gettext_noop("{{ organization }}: something is new about your {{ appointment_word }} on {{ short_day }}, {{ start }}. {{ link }}"),
)  # fmt: skip
SCHEDULE_CHANGED_TEXT = _text(
    "schedule_changed",
    Topic.APPOINTMENTS,
    gettext_noop("Changed, to whoever runs it"),
    _TO_PRACTITIONER,
    gettext_noop("{{ organization }}: changed on your schedule {{ short_day }}, {{ start }}. {{ link }}"),
)
SCHEDULE_HANDED_OVER_TEXT = _text(
    "schedule_handed_over",
    Topic.APPOINTMENTS,
    gettext_noop("Handed over, to whoever ran it before"),
    _TO_PRACTITIONER,
    gettext_noop("{{ organization }}: no longer on your schedule {{ short_day }}, {{ start }}. {{ link }}"),
)
_TO_BOTH = gettext_noop(
    "To the mobile number of everybody who takes part or runs it, if they want it: one for all dates."
)
_RHYTHM = Variable("rhythm", gettext_noop("How it repeats, in words"), "every week")
SERIES_BOOKED_TEXT = _text(
    "series_booked",
    Topic.APPOINTMENTS,
    gettext_noop("Series booked"),
    _TO_BOTH,
    gettext_noop(
        "{{ organization }}: {{ number }} {% if several %}{{ appointment_words }}{% else %}{{ appointment_word }}{% endif %} booked, "
        "from {{ short_day }}, {{ start }}. {{ link }}"
    ),
    _SEVERAL,
    _NUMBER,
    _RHYTHM,
)  # fmt: skip
SERIES_CHANGED_TEXT = _text(
    "series_changed",
    Topic.APPOINTMENTS,
    gettext_noop("Series changed"),
    _TO_BOTH,
    gettext_noop("{{ organization }}: your series of {{ appointment_words }} has changed. The next is on {{ short_day }}, {{ start }}. {{ link }}"),
    _SEVERAL,
    _NUMBER,
    _RHYTHM,
)  # fmt: skip
SERIES_ENDED_TEXT = _text(
    "series_ended",
    Topic.APPOINTMENTS,
    gettext_noop("Series ended"),
    _TO_BOTH,
    gettext_noop(
        "{{ organization }}: {{ number }} {% if several %}{{ appointment_words }}{% else %}{{ appointment_word }}{% endif %} off, "
        "from {{ short_day }}, {{ start }}. {{ link }}"
    ),
    _SEVERAL,
    _NUMBER,
    _RHYTHM,
)  # fmt: skip
# What happened → the text to a client's side, and to whoever's schedule it is on.
TEXTS = {
    "booked": (BOOKED_TEXT, SCHEDULE_BOOKED_TEXT),
    "moved": (MOVED_TEXT, SCHEDULE_MOVED_TEXT),
    "changed": (CHANGED_TEXT, SCHEDULE_CHANGED_TEXT),
    "cancelled": (CANCELLED_TEXT, SCHEDULE_CANCELLED_TEXT),
    "removed": (CANCELLED_TEXT, SCHEDULE_CANCELLED_TEXT),
    "handed_over": (SCHEDULE_HANDED_OVER_TEXT, SCHEDULE_HANDED_OVER_TEXT),
}
SERIES_TEXTS = {"booked": SERIES_BOOKED_TEXT, "changed": SERIES_CHANGED_TEXT, "ended": SERIES_ENDED_TEXT}
TEXT_TEMPLATES = (
    REMINDER_TEXT, SCHEDULE_REMINDER_TEXT, BOOKED_TEXT, MOVED_TEXT, CANCELLED_TEXT, SCHEDULE_BOOKED_TEXT, SCHEDULE_MOVED_TEXT,
    SCHEDULE_CANCELLED_TEXT, CHANGED_TEXT, SCHEDULE_CHANGED_TEXT, SCHEDULE_HANDED_OVER_TEXT, SERIES_BOOKED_TEXT, SERIES_CHANGED_TEXT,
    SERIES_ENDED_TEXT,
)  # fmt: skip
