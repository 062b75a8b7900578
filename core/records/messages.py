"""What people are told when something is shared with them: that there is something, and never a word of it."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Channel, Content, Message, Topic, Variable
from core.scheduling.messages import LOGIN_REASON

_FACTS = (
    Variable(
        "clients",
        gettext_noop("For whom; empty where your mail names nobody"),
        gettext_noop("Kim Example"),
        may_be_empty=True,
    ),
)
_ABOUT = gettext_noop(
    "To every login of the %(client)s, when a note, a goal, a file or a score is shared. It never says what is in it."
)


def _fixed() -> Content:
    return Content(reason=translate(LOGIN_REASON))


RECORD_SHARED = Message(
    code="record_shared",
    channel=Channel.EMAIL,
    topic=Topic.RECORDS,
    name=gettext_noop("Something is shared"),
    about=_ABOUT,
    subject=gettext_noop("There is something new for you to read"),
    heading=gettext_noop("There is something new for you to read"),
    body=gettext_noop(
        "Hello {{ name }},\n\nsomething was shared with you{% if clients %} ({{ clients }}){% endif %}. "
        "For your privacy it is not in this mail: sign in to read it."
    ),
    button=gettext_noop("Read it"),
    own_variables=_FACTS,
    fixed=_fixed,
)
RECORD_SHARED_NOTICE = Message(
    code="record_shared",
    channel=Channel.IN_APP,
    topic=Topic.RECORDS,
    name=gettext_noop("Something is shared"),
    about=_ABOUT,
    subject=gettext_noop("There is something new for you to read"),
    body="{% if clients %}{{ clients }}{% endif %}",
    own_variables=_FACTS,
)
FILE_BROUGHT = Message(
    code="file_brought",
    channel=Channel.IN_APP,
    topic=Topic.RECORDS,
    name=gettext_noop("A file was brought"),
    about=gettext_noop(
        "To those who work with the %(client)s, else to those who look after all records, when one of their logins adds a file. "
        "It never says what it is."
    ),
    subject=gettext_noop("There is a new file from {{ clients }}"),
    body="{{ clients }}",
    own_variables=(Variable("clients", gettext_noop("From whom"), gettext_noop("Kim Example")),),
)
MESSAGES = (RECORD_SHARED, RECORD_SHARED_NOTICE, FILE_BROUGHT)
