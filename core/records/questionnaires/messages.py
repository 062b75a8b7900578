"""What people are told of forms: that there is one, and never what it asks."""

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
    Variable(
        "due",
        gettext_noop("Until when; empty when no day was named"),
        gettext_noop("1 February 2030"),
        may_be_empty=True,
    ),
)
_ABOUT = gettext_noop("To the logins of the %(client)s who can fill it in. It never says what is asked.")
_REMINDER = gettext_noop(
    "To the logins of the %(client)s who can fill it in, two days before it is due and on the day after. It never says what is asked."
)


def _fixed() -> Content:
    return Content(reason=translate(LOGIN_REASON))


FORM_SENT = Message(
    code="form_sent",
    channel=Channel.EMAIL,
    topic=Topic.RECORDS,
    name=gettext_noop("Something is to be filled in"),
    about=_ABOUT,
    subject=gettext_noop("There is something for you to fill in"),
    heading=gettext_noop("There is something for you to fill in"),
    body=gettext_noop(
        "Hello {{ name }},\n\nplease fill in what we have sent you{% if clients %} ({{ clients }}){% endif %}"
        "{% if due %}, by {{ due }} if you can{% endif %}. You can stop at any time and go on later, on a phone as well.\n\n"
        "For your privacy it is not in this mail: sign in to see it."
    ),
    button=gettext_noop("Fill it in"),
    own_variables=_FACTS,
    fixed=_fixed,
)
FORM_SENT_NOTICE = Message(
    code="form_sent",
    channel=Channel.IN_APP,
    topic=Topic.RECORDS,
    name=gettext_noop("Something is to be filled in"),
    about=_ABOUT,
    subject=gettext_noop("There is something for you to fill in"),
    body="{% if clients %}{{ clients }}{% endif %}",
    own_variables=_FACTS,
)
FORM_REMINDER = Message(
    code="form_reminder",
    channel=Channel.EMAIL,
    topic=Topic.RECORDS,
    name=gettext_noop("Something is still to be filled in"),
    about=_REMINDER,
    subject=gettext_noop("There is still something for you to fill in"),
    heading=gettext_noop("There is still something for you to fill in"),
    body=gettext_noop(
        "Hello {{ name }},\n\nwhat we have sent you is not filled in yet{% if clients %} ({{ clients }}){% endif %}"
        "{% if due %}; it was asked for by {{ due }}{% endif %}. What you have written so far is kept.\n\n"
        "If you would rather not fill it in, you can say so there."
    ),
    button=gettext_noop("Fill it in"),
    own_variables=_FACTS,
    fixed=_fixed,
)
FORM_REMINDER_NOTICE = Message(
    code="form_reminder",
    channel=Channel.IN_APP,
    topic=Topic.RECORDS,
    name=gettext_noop("Something is still to be filled in"),
    about=_REMINDER,
    subject=gettext_noop("There is still something for you to fill in"),
    body="{% if clients %}{{ clients }}{% endif %}",
    own_variables=_FACTS,
)
_STAFF_ABOUT = gettext_noop(
    "To whoever has sent the form, and to those who work with the %(client)s. It never says what was answered."
)
_STAFF_FACTS = (Variable("clients", gettext_noop("From whom"), gettext_noop("Kim Example")),)
FORM_ANSWERED = Message(
    code="form_answered",
    channel=Channel.IN_APP,
    topic=Topic.RECORDS,
    name=gettext_noop("A form was filled in"),
    about=_STAFF_ABOUT,
    subject=gettext_noop("{{ clients }} has filled in a form"),
    body="{{ clients }}",
    own_variables=_STAFF_FACTS,
)
FORM_DECLINED = Message(
    code="form_declined",
    channel=Channel.IN_APP,
    topic=Topic.RECORDS,
    name=gettext_noop("A form was declined"),
    about=_STAFF_ABOUT,
    subject=gettext_noop("{{ clients }} would rather not fill in a form"),
    body="{{ clients }}",
    own_variables=_STAFF_FACTS,
)
MESSAGES = (FORM_SENT, FORM_SENT_NOTICE, FORM_REMINDER, FORM_REMINDER_NOTICE, FORM_ANSWERED, FORM_DECLINED)
