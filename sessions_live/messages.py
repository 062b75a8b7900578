"""What people are told about live rooms and their recordings."""

from typing import Any

from core.kernel.translation import gettext_noop, translate
from core.notifications.messages import Channel, Content, Message, Topic, Variable
from core.scheduling.messages import LOGIN_REASON

_SERVICE = Variable("service", gettext_noop("What takes place"), gettext_noop("Assessment"))


_PERSON = Variable("person", gettext_noop("Who it is"), gettext_noop("Mia Example"))
_AT_WHOM = Variable(
    "practitioner",
    gettext_noop("At whom somebody waits; empty for that person themselves"),
    gettext_noop("Max Example"),
    may_be_empty=True,
)


def _notice(code: str, *, person: bool = True, **words: Any) -> Message:
    who = (_PERSON,) if person else ()
    return Message(
        code=code,
        channel=Channel.IN_APP,
        topic=Topic.LIVE,
        **{"body": "{{ service }}", "own_variables": (*who, _SERVICE), **words},
    )


WAITING = _notice(
    "live.waiting",
    name=gettext_noop("Somebody waits"),
    about=gettext_noop("To the hosts, with the pop-up and its sound."),
    subject=gettext_noop("{{ person }} is waiting"),
    body=gettext_noop("{{ service }}{% if practitioner %}, for {{ practitioner }}{% endif %}"),
    own_variables=(_PERSON, _SERVICE, _AT_WHOM),
)
STARTED = _notice(
    "live.started",
    name=gettext_noop("It begins"),
    about=gettext_noop("To the logins of the guests, when the %(session)s is started."),
    subject=gettext_noop("{{ person }} is ready for you"),
)


def _beginning() -> Content:
    return Content(reason=translate(LOGIN_REASON))


STARTED_MAIL = Message(
    code="live.started",
    channel=Channel.EMAIL,
    topic=Topic.LIVE,
    name=gettext_noop("It begins"),
    about=gettext_noop("To the logins of the guests who are not there, when the %(session)s is started."),
    subject=gettext_noop("{{ person }} is ready for you"),
    body=gettext_noop("Hello {{ name }},\n\n{{ person }} has begun. Come in:"),
    button=gettext_noop("Join online"),
    own_variables=(Variable("person", gettext_noop("Who it is"), gettext_noop("Mia Example")),),
    fixed=_beginning,
)
STARTED_TEXT = Message(
    code="live.started",
    channel=Channel.SMS,
    topic=Topic.LIVE,
    name=gettext_noop("It begins"),
    about=gettext_noop("To the logins of the guests who are not there, when the %(session)s is started."),
    subject=gettext_noop("{{ organization }}: {{ person }} is ready for you. Come in: {{ link }}"),
    own_variables=(
        Variable("person", gettext_noop("Who it is"), gettext_noop("Mia Example")),
        Variable("link", gettext_noop("The way in"), "https://example.org/live/b5f0c6/"),
    ),
)
RECORDING_KEPT = _notice(
    "recording.kept",
    person=False,
    name=gettext_noop("Recording ready"),
    about=gettext_noop("To whoever recorded."),
    subject=gettext_noop("Your recording is ready"),
)
RECORDING_FAILED = _notice(
    "recording.failed",
    person=False,
    name=gettext_noop("Recording failed"),
    about=gettext_noop("To whoever recorded, when no video came of it."),
    subject=gettext_noop("Your recording could not be prepared"),
)

MESSAGES = (WAITING, STARTED, STARTED_MAIL, STARTED_TEXT)
RECORDING_MESSAGES = (RECORDING_KEPT, RECORDING_FAILED)
