"""Which words a message has now, in one language, and what comes of them for one reader."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from branding.models import Branch
from branding.queries import branch_in_force, current_brand, vocabulary
from branding.rules.vocabulary import capitalized
from core.kernel.plain_text import require_plain
from core.notifications.messages import Content, Message, word_variables
from core.notifications.models import OwnWords
from core.notifications.queries import version_in_force
from core.notifications.rules.message_text import MessageText, Piece, checked, filled, one_line, paragraphs

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """The words for one reader. `body`: paragraphs of lines of pieces."""

    subject: str
    heading: str
    body: list[list[list[Piece]]]
    button: str


def text_of(version: OwnWords | None, message: Message) -> MessageText:
    """The words of a version; the standard ones, in the language in force, where it is none or goes back to them."""
    if version is None or version.is_standard:
        return message.standard()
    return MessageText(**{part: getattr(version, part) for part in message.parts})


def text_in_force(message: Message, language: str, branch: Branch | None = None) -> MessageText:
    """The words for readers of `language`, which is the language in force: of the branch, else of the organization, else the standard ones."""
    if branch is not None:
        own = version_in_force(message, language, branch)
        if own is not None and not own.is_standard:
            return text_of(own, message)
    return text_of(version_in_force(message, language), message)


def check(message: Message, text: MessageText) -> MessageText:
    """The words as they would be kept. DomainError as the rule of message texts says, and `control_characters`."""
    require_plain(text.subject, text.heading, text.body, text.button)
    return checked(text, message.allowed, parts=message.parts, optional=message.optional_parts)


def write(message: Message, content: Content, language: str, text: MessageText | None = None) -> Written:
    """Fill the words in force, or `text`, for one reader of `language`, which is the language in force.

    Own words that cannot be filled give way to the standard ones, because a message must arrive whatever somebody has made of its words.
    """
    values = values_of(message, content.values, language)
    own = text or text_in_force(message, language, branch_in_force())
    try:
        return _filled(own, values)
    except ValueError:
        logger.exception("the words of a message could not be filled in", extra={"message_key": message.key})
        return _filled(message.standard(), values)


def values_of(message: Message, values: Mapping[str, str], language: str) -> dict[str, str]:
    """The value of every variable that the message declares, empty for what is not given, with the organization's name and nouns."""
    words = vocabulary(language)
    found = {each.name: str(values.get(each.name) or "") for each in message.variables}
    for term in message.words:
        for name, (plural, cap) in word_variables(term).items():
            word = words.get(term, plural=plural)
            found[name] = capitalized(word) if cap else word
    return {**found, "organization": current_brand().name}


def _filled(text: MessageText, values: dict[str, str]) -> Written:
    subject = one_line(filled(text.subject, values))
    return Written(
        subject=subject,
        heading=one_line(filled(text.heading, values)) or subject,
        body=paragraphs(filled(text.body, values)),
        button=one_line(filled(text.button, values)),
    )
