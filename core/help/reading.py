"""An article as one reader reads it: facts and nouns filled in, Markdown drawn, in the language in force."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from branding.queries import vocabulary
from branding.rules.sentences import fill
from branding.rules.vocabulary import Vocabulary
from core.help.facts import NAMES
from core.help.markdown import Heading, drawn, escaped
from core.help.starters import ArticleText
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.notifications.rules.message_text import Allowed, MessageText, checked, filled

logger = logging.getLogger(__name__)
LONGEST = {"subject": 250, "heading": 500, "body": 20_000}
LABEL = re.compile(r"\[\[([^\[\]\n]{1,120})\]\]")
# What the rule of message texts calls a part, and what it is here.
PARTS = {"subject": "title", "heading": "summary", "body": "body"}


@dataclass(frozen=True, slots=True)
class Names:
    """How an article is listed."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Read:
    """All that it says. `html` is safe; `text` is its body without marks."""

    title: str
    summary: str
    html: str
    contents: tuple[Heading, ...]
    text: str


def check(text: ArticleText, allowed: Mapping[str, Allowed]) -> ArticleText:
    """The text, tidied. DomainError as the rule of message texts says, with the field of an article."""
    written = MessageText(subject=text.title, heading=text.summary, body=text.body)
    try:
        tidy = checked(written, allowed, parts=PARTS, optional={"heading"}, longest=LONGEST)
    except DomainError as refusal:
        raise DomainError(refusal.code, refusal.message, field=PARTS.get(refusal.field or "")) from refusal
    return ArticleText(tidy.subject, tidy.heading, " ".join(text.keywords.split()), tidy.body)


def names(text: ArticleText, facts: Mapping[str, str]) -> Names:
    """Title and summary in the language in force."""
    words = _words()
    return Names(*(" ".join(_filled(part, facts, words, str).split()) for part in (text.title, text.summary)))


def read(text: ArticleText, facts: Mapping[str, str]) -> Read:
    """All of it in the language in force."""
    named = names(text, facts)
    body = drawn(_filled(text.body, facts, _words(), escaped))
    return Read(named.title, named.summary, body.html, body.contents, body.text)


def _words() -> Vocabulary:
    return vocabulary(get_language() or "en")


def _filled(part: str, facts: Mapping[str, str], words: Vocabulary, plain: Callable[[str], str]) -> str:
    """One part with facts and nouns; as it was written where it cannot be filled, because a reader must not meet an error."""
    try:
        pieces = filled(part, facts)
    except ValueError:
        logger.exception("an article could not be filled in")
        return part
    return "".join(
        _piece(piece.text, facts, piece.of, plain) if piece.of else fill(_labelled(piece.text), words)
        for piece in pieces
    )


def _labelled(text: str) -> str:
    """With `[[Join]]` as the button is called in the language in force: what stands in brackets is a sentence of the catalogue."""
    return LABEL.sub(lambda found: translate(found[1]), text)


def _piece(text: str, facts: Mapping[str, str], of: str, plain: Callable[[str], str]) -> str:
    """The value of one fact: Markdown of ours as it stands, with its lines; anything else as plain text."""
    return facts[of] if of in NAMES and NAMES[of].is_markdown else plain(text)
