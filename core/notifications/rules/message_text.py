"""The words of one message: subject, heading, text and button, with variables.

A variable stands in double braces, {{ name }}, and only those that the message declares can be used. A part can depend on one:
{% if clients %}You will act for {{ clients }}.{% endif %}. A variable that may be empty is used inside such a part only, so that no reader
meets a gap. Nothing else of the template language is allowed: no loops, no filters, no parts of a variable, no other files. What is filled in
is text: it is never read as a template, as a mark-up or as a link. The words are checked when they are written, so that no message can fail
because of them.
docs/rules/message-text.md has a worked table.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import BooleanExpression, FilteredExpression, Path
from liquid.builtin.expressions.logical import LogicalAndExpression, LogicalOrExpression
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.exceptions import LiquidError

from core.kernel.errors import DomainError
from core.kernel.translation import gettext_noop, translate

LONGEST = {"subject": 250, "heading": 250, "body": 4000, "button": 120}  # with variables and conditions
TAGS = {"if", "unless"}
DEEPEST = 8

Values = Mapping[str, str]

_UNKNOWN = gettext_noop("Line %(line)s: there is no variable “%(name)s”. You can use: %(known)s.")
_MAY_BE_EMPTY = gettext_noop(
    "Line %(line)s: “%(name)s” may be empty. Write it inside a part that goes away then: {%% if %(name)s %%} … {%% endif %%}"
)
_ONLY_ASKED = gettext_noop(
    "Line %(line)s: “%(name)s” has no words of its own; it can only be asked for: {%% if %(name)s %%} … {%% endif %%}"
)


@dataclass(frozen=True, slots=True)
class MessageText:
    """The words as somebody wrote them. A message without a heading or a button has none of them here."""

    subject: str
    heading: str = ""
    body: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a variable may be used for: put into the text, and whether it may turn out empty."""

    may_be_empty: bool = False
    can_be_written: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a filled text: words of the organization, or the value of the variable `of`."""

    text: str
    of: str = ""


class _Language(Environment):
    """All four limits, because without them a text could keep a worker busy for ever."""

    loop_iteration_limit = 1
    output_stream_limit = 30_000
    local_namespace_limit = 10
    context_depth_limit = 5


_language = _Language(undefined=StrictUndefined, strict_filters=True)
# What encloses a variable's name while a template is filled: no text can hold it, because text fields refuse what cannot be seen.
_BEGIN, _END = "\x02", "\x03"


@lru_cache(maxsize=2000)
def _parsed(source: str) -> BoundTemplate:
    return _language.from_string(source)


def checked(
    text: MessageText,
    allowed: Mapping[str, Allowed],
    *,
    parts: Iterable[str],
    optional: Collection[str] = (),
    longest: Mapping[str, int] = LONGEST,
) -> MessageText:
    """The words, tidied. DomainError with the field: `text_missing`, `text_too_long`, `variable_unknown`, `variable_may_be_empty`, `text_broken`.

    `parts`: those of subject, heading, body and button that the message has; `optional`: those of them that may be empty; `longest`: how many
    characters each may have.
    """
    tidy = _tidied(text, set(parts))
    for part in parts:
        written = getattr(tidy, part)
        if written:
            if len(written) > longest[part]:
                raise _refusal(
                    "text_too_long", part, translate("At most %(longest)s characters.", longest=longest[part])
                )
            _check(written, allowed, part, may_vanish=part in optional)
        elif part not in optional:
            raise _refusal("text_missing", part, translate("Write something here, or go back to the standard text."))
    return tidy


def filled(source: str, values: Values) -> tuple[Piece, ...]:
    """One part of the words for one reader. Raises ValueError where it cannot be filled, which `checked` has ruled out."""
    given = {name: f"{_BEGIN}{name}{_END}" if value else None for name, value in values.items()}
    try:
        text = _parsed(source).render(**given)
    except (LiquidError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return tuple(_pieces(text, values))


def one_line(pieces: Iterable[Piece]) -> str:
    """A filled part in one line, as a header or a button needs it."""
    return " ".join("".join(piece.text for piece in pieces).split())


def paragraphs(pieces: Iterable[Piece]) -> list[list[list[Piece]]]:
    """A filled text as its paragraphs, each of lines, each of pieces; an empty line parts two paragraphs."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = [piece.text] if piece.of else piece.text.split("\n")
        lines[-1].append(replace(piece, text=first))
        lines += [[replace(piece, text=other)] for other in others]
    found: list[list[list[Piece]]] = [[]]
    for line in lines:
        if one_line(line):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def _tidied(text: MessageText, parts: set[str]) -> MessageText:
    tidy = {}
    for each in fields(MessageText):
        written = getattr(text, each.name) if each.name in parts else ""
        written = written.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
        tidy[each.name] = written if each.name == "body" else " ".join(written.split())
    return MessageText(**tidy)


def _pieces(text: str, values: Values) -> Iterator[Piece]:
    head, *rest = text.split(_BEGIN)
    if head:
        yield Piece(head)
    for part in rest:
        name, _, words = part.partition(_END)
        value = " ".join(str(values[name]).split())
        yield Piece(value, of=name)
        if value.endswith(".") and words.startswith(".") and not words.startswith(".."):
            words = words[1:]  # because what ends in an abbreviation (“31 oct.”) ends its sentence, too
        if words:
            yield Piece(words)


def _check(written: str, allowed: Mapping[str, Allowed], part: str, *, may_vanish: bool) -> None:
    if any(letter in written for letter in (_BEGIN, _END)):
        raise _broken(part)
    try:
        template = _parsed(written)
        found = template.analyze()
    except (LiquidError, RecursionError) as error:
        raise _broken(part) from error
    if foreign := sorted({*(set(found.tags) - TAGS), *found.filters}):
        raise _foreign(foreign[0], part)
    _Reading(written, allowed, part).read(template.nodes, frozenset())
    fewest = filled(written, {name: "" if rule.may_be_empty else "x" for name, rule in allowed.items()})
    most = filled(written, dict.fromkeys(allowed, "x"))
    if any(brace in piece.text for piece in (*fewest, *most) if not piece.of for brace in ("{{", "}}", "{%", "%}")):
        raise _broken(part)  # because a reader would meet it as it stands
    if not one_line(fewest) and not may_vanish:
        raise _refusal("text_missing", part, translate("Nothing would be left of this text."))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A walk through a template that knows at each place which variables are there for sure."""

    written: str
    allowed: Mapping[str, Allowed]
    part: str

    def read(self, nodes: Iterable[Node], sure: frozenset[str], depth: int = 0) -> None:
        if depth > DEEPEST:
            raise _refusal("text_broken", self.part, translate("Too many parts stand inside one another."))
        for node in nodes:
            if isinstance(node, OutputNode):
                self._output(node, sure)
            elif isinstance(node, IfNode):
                self._if(node, sure, depth)
            elif isinstance(node, UnlessNode):
                self._unless(node, sure, depth)
            elif not isinstance(node, ContentNode):
                raise _foreign(str(node.token.value), self.part)

    def _output(self, node: OutputNode, sure: frozenset[str]) -> None:
        expression = node.expression
        if not isinstance(expression, FilteredExpression) or expression.filters:
            raise _foreign(str(expression), self.part)
        name = self._name(expression.left)
        rule = self.allowed[name]
        if not rule.can_be_written:
            raise self._at(node, name, "variable_may_be_empty", _ONLY_ASKED)
        if rule.may_be_empty and name not in sure:
            raise self._at(node, name, "variable_may_be_empty", _MAY_BE_EMPTY)

    def _if(self, node: IfNode, sure: frozenset[str], depth: int) -> None:
        self._block(node.consequence, sure | self._asked(node.condition), depth)
        self._others(node, sure, depth)

    def _unless(self, node: UnlessNode, sure: frozenset[str], depth: int) -> None:
        asked = self._asked(node.condition)
        self._block(node.consequence, sure, depth)
        self._others(node, sure | asked, depth)

    def _others(self, node: IfNode | UnlessNode, sure: frozenset[str], depth: int) -> None:
        for other in node.alternatives:
            self._block(other.block, sure | self._asked(other.expression), depth)
        if node.default is not None:
            self._block(node.default, sure, depth)

    def _block(self, block: BlockNode, sure: frozenset[str], depth: int) -> None:
        self.read(block.nodes, sure, depth + 1)

    def _asked(self, condition: Any) -> frozenset[str]:
        """The variables that are there for sure where the condition holds; refuses what is no plain question for variables."""
        if isinstance(condition, BooleanExpression):
            return self._asked(condition.expression)
        if isinstance(condition, LogicalAndExpression):
            return self._asked(condition.left) | self._asked(condition.right)
        if isinstance(condition, LogicalOrExpression):
            return self._asked(condition.left) & self._asked(condition.right)
        return frozenset({self._name(condition)})

    def _name(self, expression: Any) -> str:
        """The name of a declared variable. Anything else than one is refused."""
        if not isinstance(expression, Path):
            raise _foreign(str(expression), self.part)
        name = ".".join(str(step) for step in expression.path)
        if len(expression.path) > 1 or name not in self.allowed:
            raise self._at(expression, name, "variable_unknown", _UNKNOWN, known=", ".join(self.allowed))
        return name

    def _at(self, place: Any, name: str, code: str, sentence: str, **values: str) -> DomainError:
        """The refusal with the variable's name and the line in which it stands."""
        line = self.written.count("\n", 0, place.token.start_index) + 1
        return _refusal(code, self.part, translate(sentence, name=name, line=line, **values))


def _foreign(used: str, part: str) -> DomainError:
    sentence = translate(
        "“%(used)s” cannot be used here: only variables, and if … endif around a part.", used=used[:60]
    )
    return _refusal("text_broken", part, sentence)


def _broken(part: str) -> DomainError:
    sentence = translate(
        "A variable is not closed: write it as {{ name }}, and end each {% if name %} with {% endif %}."
    )
    return _refusal("text_broken", part, sentence)


def _refusal(code: str, part: str, sentence: str) -> DomainError:
    return DomainError(code, sentence, field=part)
