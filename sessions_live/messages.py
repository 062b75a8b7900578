"""What people are told about live rooms and their recordings."""

from core.kernel.translation import gettext_noop
from core.notifications.messages import Channel, Message, Topic, Variable

_SERVICE = Variable("service", gettext_noop("What takes place"), gettext_noop("Assessment"))


def _notice(code: str, *, person: bool = True, **words: str) -> Message:
    who = (Variable("person", gettext_noop("Who it is"), gettext_noop("Mia Example")),) if person else ()
    return Message(
        code=code,
        channel=Channel.IN_APP,
        topic=Topic.LIVE,
        body="{{ service }}",
        own_variables=(*who, _SERVICE),
        **words,
    )


WAITING = _notice(
    "live.waiting",
    name=gettext_noop("Somebody waits"),
    about=gettext_noop("To the hosts, with the pop-up and its sound."),
    subject=gettext_noop("{{ person }} is waiting"),
)
STARTED = _notice(
    "live.started",
    name=gettext_noop("It begins"),
    about=gettext_noop("To the logins of the guests, when the %(session)s is started."),
    subject=gettext_noop("{{ person }} is ready for you"),
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

MESSAGES = (WAITING, STARTED)
RECORDING_MESSAGES = (RECORDING_KEPT, RECORDING_FAILED)
