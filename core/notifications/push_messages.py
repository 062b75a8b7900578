"""What a push message says: on locked screens, and so only that there is something new, unless the organization wants the title of the notice."""

from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic

_ABOUT = gettext_noop("On the screens of devices on which push is switched on, unless you show there what it is about.")
_TITLE = "{{ organization }}"


def _push(topic: Topic, name: str, body: str, *, words: tuple[str, ...] = ()) -> Message:
    return Message(
        code=topic.value,
        channel=Channel.PUSH,
        topic=topic,
        name=name,
        about=_ABOUT,
        subject=_TITLE,
        body=body,
        words=words,
    )


SIGN_IN = _push(Topic.SIGN_IN, gettext_noop("Push about signing in"), gettext_noop("There is news about signing in."))
APPOINTMENTS = _push(
    Topic.APPOINTMENTS, gettext_noop("Push about the calendar"), gettext_noop("There is news in your calendar.")
)
REMINDERS = _push(
    Topic.REMINDERS,
    gettext_noop("Push as a reminder"),
    gettext_noop("Something in your calendar is coming up."),
)
LIVE = _push(
    Topic.LIVE,
    gettext_noop("Push about what is online"),
    gettext_noop("Something is happening online. Open it to see."),
)
BILLING = _push(Topic.BILLING, gettext_noop("Push about billing"), gettext_noop("There is news about billing."))
LEGAL = _push(Topic.LEGAL, gettext_noop("Push about legal texts"), gettext_noop("There is news about legal texts."))
RECORDS = _push(
    Topic.RECORDS, gettext_noop("Push about what is shared"), gettext_noop("There is something new for you to read.")
)
ENQUIRIES = _push(Topic.ENQUIRIES, gettext_noop("Push about enquiries"), gettext_noop("Somebody has written to you."))
TEAM = _push(Topic.TEAM, gettext_noop("Push about public cards"), gettext_noop("A public card needs your eyes."))
WORK = _push(
    Topic.WORK, gettext_noop("Push about what could not be done"), gettext_noop("Something could not be done.")
)
PUSH_MESSAGES = (SIGN_IN, APPOINTMENTS, REMINDERS, LIVE, BILLING, LEGAL, RECORDS, ENQUIRIES, TEAM, WORK)
BY_TOPIC = {message.topic: message for message in PUSH_MESSAGES}
