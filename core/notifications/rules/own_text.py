"""An organization's own words for a mail: a subject and a body with placeholders.

A placeholder stands in double braces, {{ name }}, and only those on the list of that mail can be used. A part can be left out where a placeholder
is empty: {% if clients %}You will act for {{ clients }}.{% endif %}. Nothing else of the template language is allowed, and what is filled in
is text: it is never read as a template or as a mark-up. The text is checked when it is written, with every placeholder filled and with none
that may be empty, so that a mail can never fail because of it.
docs/rules/own-text.md has a worked table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from liquid import Environment, StrictUndefined
from liquid.exceptions import LiquidError

from core.kernel.errors import DomainError
from core.kernel.translation import translate

LONGEST_SUBJECT = 150
LONGEST_BODY = 4000
TAGS = {"if", "unless"}

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnText:
    """Subject and body as somebody wrote them, or as one reader gets them."""

    subject: str
    body: str

    @property
    def paragraphs(self) -> list[list[str]]:
        """The lines of each paragraph; an empty line parts two."""
        parts = self.body.strip().split("\n\n")
        return [[line.strip() for line in part.strip().splitlines()] for part in parts if part.strip()]


class _Language(Environment):
    """All four limits, because without them a text could keep a worker busy for ever."""

    loop_iteration_limit = 1
    output_stream_limit = 20_000
    local_namespace_limit = 10
    context_depth_limit = 5


_language = _Language(undefined=StrictUndefined, strict_filters=True)


def checked(text: OwnText, examples: Values, may_be_empty: frozenset[str] = frozenset()) -> OwnText:
    """The text with tidy line ends, or DomainError with the field: `text_missing`, `text_too_long`, `placeholder_unknown`, `text_broken`."""
    tidy = OwnText(
        " ".join(text.subject.split()), text.body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    )
    for field, written, longest in (("subject", tidy.subject, LONGEST_SUBJECT), ("body", tidy.body, LONGEST_BODY)):
        if not written:
            raise DomainError(
                "text_missing", translate("Write something here, or go back to the standard text."), field=field
            )
        if len(written) > longest:
            raise DomainError(
                "text_too_long", translate("At most %(longest)s characters.", longest=longest), field=field
            )
        _check(written, examples, may_be_empty, field)
    return tidy


def filled(text: OwnText, values: Values) -> OwnText:
    """The text for one reader. Raises ValueError where it cannot be filled, which `checked` has ruled out."""
    # Because to the template language an empty text is something, and only None is nothing.
    given = {name: value or None for name, value in values.items()}
    try:
        subject, body = (_language.from_string(part).render(**given) for part in (text.subject, text.body))
    except LiquidError as error:
        raise ValueError(str(error)) from error
    return OwnText(" ".join(subject.split()), body)


def _check(written: str, examples: Values, may_be_empty: frozenset[str], field: str) -> None:
    try:
        found = _language.from_string(written).analyze()
    except LiquidError as error:
        raise _broken(field) from error
    if set(found.tags) - TAGS or found.filters:
        used = min([*(set(found.tags) - TAGS), *found.filters])
        sentence = translate(
            "“%(used)s” cannot be used here: only placeholders, and if … endif around a part.", used=used
        )
        raise DomainError("text_broken", sentence, field=field)
    for name, places in found.variables.items():
        if name not in examples or any(len(place.segments) > 1 for place in places):
            raise DomainError(
                "placeholder_unknown",
                translate(
                    "There is no placeholder “%(name)s”. You can use: %(known)s.",
                    name=".".join(str(part) for part in places[0].segments),
                    known=", ".join(examples),
                ),
                field=field,
            )
    for values in (examples, {**examples, **dict.fromkeys(may_be_empty, "")}):
        try:
            result = filled(OwnText(written, ""), values)
        except ValueError as error:
            raise _broken(field) from error
        if not result.subject:
            raise DomainError("text_missing", translate("Nothing would be left of this text."), field=field)


def _broken(field: str) -> DomainError:
    sentence = translate(
        "A placeholder is not closed: write it as {{ name }}, and end each {% if name %} with {% endif %}."
    )
    return DomainError("text_broken", sentence, field=field)
