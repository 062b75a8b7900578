"""What those are told who come next, when what comes before them takes longer; and when that was taken back."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable
from core.scheduling.messages import LOGIN_REASON, NOTICE_FACTS, TIME, sample_time

UNTIL = Variable(
    "until",
    gettext_noop("Until when what comes before takes; empty where it begins on time after all"),
    lambda: sample_time().start,
    may_be_empty=True,
)


def _sample() -> Content:
    time = sample_time()
    return Content(
        boxes=(Box(time.day, (time.hours, time.zone)),), reason=translate(LOGIN_REASON), preview=str(time)
    )  # fmt: skip


_SUBJECT = gettext_noop(
    "{% if until %}Your {{ appointment_word }} on {{ short_day }}, {{ start }} may begin later"
    "{% else %}Your {{ appointment_word }} on {{ short_day }}, {{ start }} begins on time after all{% endif %}"
)
DELAYED = Message(
    code="appointment_delayed",
    channel=Channel.EMAIL,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("May begin later"),
    about=gettext_noop("To every login of those who come next, when what comes before them takes longer."),
    subject=_SUBJECT,
    heading=gettext_noop("{% if until %}It may begin a little later{% else %}It begins on time after all{% endif %}"),
    body=gettext_noop(
        "Hello {{ name }},\n\n{% if until %}what comes before your {{ appointment_word }} takes longer, until about {{ until }}. "
        "Come as agreed; it begins as soon as possible after that.{% else %}what comes before your {{ appointment_word }} ends as planned. "
        "It begins on time:{% endif %}"
    ),
    button=gettext_noop("See the {{ appointment_word }}"),
    own_variables=(*TIME, UNTIL),
    words=("appointment",),
    fixed=_sample,
)
DELAYED_NOTICE = Message(
    code="appointment_delayed",
    channel=Channel.IN_APP,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("May begin later"),
    about=gettext_noop("To every login of those who come next, when what comes before them takes longer."),
    subject=_SUBJECT,
    body=gettext_noop("{{ service }}{% if until %}. What comes before takes until about {{ until }}.{% endif %}"),
    own_variables=(*TIME, *NOTICE_FACTS, UNTIL),
    words=("appointment",),
)
SCHEDULE_DELAYED_NOTICE = Message(
    code="schedule_delayed",
    channel=Channel.IN_APP,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("May begin later, to whoever runs it"),
    about=gettext_noop("To whoever’s schedule it is on, when somebody or something in it is taken until later."),
    subject=gettext_noop(
        "{% if until %}{{ clients }}, {{ short_day }}, {{ start }}: may begin later"
        "{% else %}{{ clients }}, {{ short_day }}, {{ start }}: begins on time after all{% endif %}"
    ),
    body=gettext_noop("{{ service }}{% if until %}. What comes before takes until about {{ until }}.{% endif %}"),
    own_variables=(*TIME, *NOTICE_FACTS, UNTIL),
    words=("appointment",),
)
DELAYED_TEXT = Message(
    code="appointment_delayed",
    channel=Channel.SMS,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("May begin later"),
    about=gettext_noop("To the mobile number of every login that wants it."),
    subject=gettext_noop(
        "{{ organization }}: your {{ appointment_word }} on {{ short_day }}, {{ start }} {% if until %}may begin later, at about {{ until }}"
        "{% else %}begins on time after all{% endif %}. {{ link }}"
    ),
    own_variables=(
        *TIME,
        UNTIL,
        Variable("link", gettext_noop("Where one answers, or sees it"), "https://example.org/a/b5f0c6/"),
    ),
    words=("appointment",),
)
MESSAGES = (DELAYED, DELAYED_NOTICE, SCHEDULE_DELAYED_NOTICE, DELAYED_TEXT)
