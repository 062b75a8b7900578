"""What the product tells people: every kind of mail and notice, with its variables, its standard words and what always stands in it.

Each app declares its own in `<app>/messages.py` and hands them to the portal by its manifest. Whatever is sent is one of them; a system check
compares what was made with what was handed over. Words are msgids in the language of templates (`rules/message_text.py`), so that the
catalogues hold the standard words of every language; an organization's own are in `MessageVersion`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.kernel.translation import gettext_noop, translate
from core.notifications.rules.channels import Channel
from core.notifications.rules.message_text import Allowed, MessageText


class Topic(StrEnum):
    """What a message is about: it groups the settings, and decides where an answer goes."""

    SIGN_IN = "sign_in"
    APPOINTMENTS = "appointments"
    REMINDERS = "reminders"
    LIVE = "live"
    BILLING = "billing"
    LEGAL = "legal"
    RECORDS = "records"
    ENQUIRIES = "enquiries"
    TEAM = "team"
    WORK = "work"

    @property
    def label(self) -> str:
        return translate(_TOPICS[self])

    @property
    def always_mailed(self) -> bool:
        """Whether nobody can mute its mail."""
        return self in (Topic.SIGN_IN, Topic.BILLING, Topic.LEGAL)

    @property
    def can_wait(self) -> bool:
        """Whether push of it waits for the end of quiet hours."""
        return self != Topic.LIVE

    @property
    def is_for_staff(self) -> bool:
        """Whether only who works here is told of it."""
        return self in (Topic.LEGAL, Topic.ENQUIRIES, Topic.TEAM, Topic.WORK)


_TOPICS = {
    Topic.SIGN_IN: gettext_noop("Invitations and signing in"),
    Topic.APPOINTMENTS: gettext_noop("Calendar"),
    Topic.REMINDERS: gettext_noop("Reminders"),
    Topic.LIVE: gettext_noop("%(Sessions)s online"),
    Topic.BILLING: gettext_noop("Billing"),
    Topic.LEGAL: gettext_noop("Legal texts"),
    Topic.RECORDS: gettext_noop("What is shared with you"),
    Topic.ENQUIRIES: gettext_noop("Enquiries"),
    Topic.TEAM: gettext_noop("Public cards"),
    Topic.WORK: gettext_noop("What could not be done"),
}

Sample = str | Callable[[], str]


@dataclass(frozen=True, slots=True)
class Variable:
    """What the words can speak of. `meaning` is a msgid, `sample` a msgid or what makes one in the language in force.

    `can_be_written` is False for what can only be asked for: {% if open %}.
    """

    name: str
    meaning: str
    sample: Sample = ""
    may_be_empty: bool = False
    can_be_written: bool = True

    def example(self) -> str:
        """The sample in the language in force."""
        return translate(self.sample) if isinstance(self.sample, str) else self.sample()


@dataclass(frozen=True, slots=True)
class Box:
    """Facts set apart from the text: a line that stands out, lines below it, and where the first leads."""

    title: str
    lines: Sequence[str] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A further way on, below the button; as a second button, or in words."""

    label: str
    url: str
    is_button: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What one message says to one reader: the values of its variables, and what stands in it whatever the words are."""

    values: Mapping[str, str] = field(default_factory=dict)
    boxes: Sequence[Box] = ()
    code: str = ""
    button_url: str = ""
    links: Sequence[Link] = ()
    notes: Sequence[str] = ()
    reason: str = ""
    preview: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """One kind of message. `name`, `about` and the words are msgids; `words` the terms of the vocabulary that it speaks of.

    `fixed` makes what stands in a mail whatever its words are, of samples and in the language in force.
    """

    code: str
    channel: Channel
    topic: Topic
    name: str
    about: str
    subject: str
    heading: str = ""
    body: str = ""
    button: str = ""
    own_variables: tuple[Variable, ...] = ()
    words: tuple[str, ...] = ()
    fixed: Callable[[], Content] = Content

    def __post_init__(self) -> None:
        _made.append(self)

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return f"{self.channel}:{self.code}"

    @property
    def parts(self) -> tuple[str, ...]:
        """Which parts its words have."""
        if self.channel == Channel.SMS:
            return ("subject",)
        if self.channel != Channel.EMAIL:
            return ("subject", "body")
        return ("subject", "heading", "body", "button") if self.button else ("subject", "heading", "body")

    @property
    def optional_parts(self) -> frozenset[str]:
        """Those that may be left empty."""
        return frozenset({Channel.EMAIL: {"heading"}, Channel.SMS: ()}.get(self.channel, {"body"}))

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Its own, and those of every message."""
        common = (_NAME, _ORGANIZATION) if self.channel == Channel.EMAIL else (_ORGANIZATION,)
        return (*common, *self.own_variables)

    @property
    def allowed(self) -> dict[str, Allowed]:
        """What its words may use, as the rule of message texts reads it."""
        own = {each.name: Allowed(each.may_be_empty, each.can_be_written) for each in self.variables}
        return own | {name: Allowed() for term in self.words for name in word_variables(term)}

    def standard(self) -> MessageText:
        """Its words in the language in force, as they come with the product."""
        return MessageText(**{part: translate(getattr(self, part)) for part in self.parts})

    def sample(self) -> Content:
        """What it would say to somebody made up, in the language in force."""
        fixed = self.fixed()
        values = {each.name: each.example() for each in self.variables if each.name != _ORGANIZATION.name}
        return Content(
            values={**values, **fixed.values},
            boxes=fixed.boxes,
            code=fixed.code,
            button_url=fixed.button_url or "#",
            links=fixed.links,
            notes=fixed.notes,
            reason=fixed.reason,
            preview=fixed.preview,
        )


_NAME = Variable("name", gettext_noop("Who reads it"), gettext_noop("Mia Example"))
_ORGANIZATION = Variable("organization", gettext_noop("What your %(organization)s is called"))

_made: list[Message] = []
_registered: dict[str, Message] = {}


def word_variables(term: str) -> dict[str, tuple[bool, bool]]:
    """The variables of one noun of the vocabulary: whether it is the plural, and whether it begins with a capital letter."""
    cap = term[:1].upper() + term[1:]
    return {
        f"{term}_word": (False, False),
        f"{term}_words": (True, False),
        f"{cap}_word": (False, True),
        f"{cap}_words": (True, True),
    }


def register(message: Message) -> None:
    """Take over a message of an app's manifest. RuntimeError when another one has its code and channel."""
    if message.key in _registered:
        raise RuntimeError(f"two messages are called {message.key}")
    _registered[message.key] = message


def registered() -> tuple[Message, ...]:
    """Every message, app by app, in the order of the manifests."""
    return tuple(_registered.values())


def made() -> tuple[Message, ...]:
    """Every message that a loaded module has made, handed over or not."""
    return tuple(_made)


def find(channel: str, code: str) -> Message | None:
    """The message of this channel and code."""
    return _registered.get(f"{channel}:{code}")
