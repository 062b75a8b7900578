"""What text messages about text messages say: the code that confirms a number, and the answers to STOP, START and HELP."""

from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic, Variable

_CONTACT = Variable(
    "contact", gettext_noop("Your telephone number, or your address for answers"), "+49 30 1234567", may_be_empty=True
)

TEXT_CODE = Message(
    code="text_code",
    channel=Channel.SMS,
    topic=Topic.SIGN_IN,
    name=gettext_noop("Code for a mobile number"),
    about=gettext_noop("To the number that somebody has given, so that nobody gives one that is not theirs."),
    subject=gettext_noop("{{ code }} is your code for text messages from {{ organization }}."),
    own_variables=(Variable("code", gettext_noop("The code"), "123456"),),
)
TEXT_STOPPED = Message(
    code="text_stopped",
    channel=Channel.SMS,
    topic=Topic.SIGN_IN,
    name=gettext_noop("Answer to STOP"),
    about=gettext_noop("To whoever answers STOP to a text message."),
    subject=gettext_noop("{{ organization }}: no more text messages. Answer START to get them again."),
)
TEXT_STARTED = Message(
    code="text_started",
    channel=Channel.SMS,
    topic=Topic.SIGN_IN,
    name=gettext_noop("Answer to START"),
    about=gettext_noop("To whoever answers START after a STOP."),
    subject=gettext_noop("{{ organization }}: you get text messages again. Answer STOP to end them."),
)
TEXT_HELP = Message(
    code="text_help",
    channel=Channel.SMS,
    topic=Topic.SIGN_IN,
    name=gettext_noop("Answer to HELP"),
    about=gettext_noop("To whoever answers HELP, or anything else that is no such word."),
    subject=gettext_noop(
        "{{ organization }}{% if contact %}: {{ contact }}{% endif %}. Nobody reads answers to this number. Answer STOP to get no more text messages."
    ),
    own_variables=(_CONTACT,),
)
TEXT_TEMPLATES = (TEXT_CODE, TEXT_STOPPED, TEXT_STARTED, TEXT_HELP)
