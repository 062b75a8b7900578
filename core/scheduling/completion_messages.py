"""What whoever runs a schedule is told of appointments that are over and not completed."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Box, Channel, Content, Message, Topic, Variable
from core.scheduling.messages import ON_SCHEDULE_REASON, sample_time


def _sample() -> Content:
    time = sample_time()
    return Content(
        boxes=(Box(time.day, (time.hours, time.zone, translate("Assessment"))),),
        reason=translate(ON_SCHEDULE_REASON),
        preview=str(time),
    )


TO_COMPLETE = Message(
    code="to_complete",
    channel=Channel.EMAIL,
    topic=Topic.APPOINTMENTS,
    name=gettext_noop("To be completed"),
    about=gettext_noop("Once, a day after its end, to whoever’s schedule it is on."),
    subject=gettext_noop(
        "To be completed: {{ number }} {% if several %}{{ appointment_words }}{% else %}{{ appointment_word }}{% endif %}"
    ),
    heading=gettext_noop("What became of it?"),
    body=gettext_noop(
        "Hello {{ name }},\n\nthis is over since yesterday or longer, and nothing is charged before it is completed:"
    ),
    button=gettext_noop("Complete them"),
    own_variables=(
        Variable("number", gettext_noop("How many there are"), "1"),
        Variable("several", gettext_noop("Whether there are several"), may_be_empty=True, can_be_written=False),
    ),
    words=("appointment",),
    fixed=_sample,
)
MESSAGES = (TO_COMPLETE,)
