"""What whoever runs an appointment is told of the answers that come by the link in a reminder."""

from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic, Variable
from core.scheduling.messages import NOTICE_FACTS, TIME

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
REMINDER_MESSAGES = (RUNNING_LATE_NOTICE, TIME_ASKED_NOTICE)
