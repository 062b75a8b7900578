"""Which stylesheet of its own may an organization write?

Its rules change how parts of pages look: colours, gradients, borders, corners, shadows, spaces, letters. They write no words and load nothing
from elsewhere: only the properties of the table are taken, with values within their bounds. Text has a colour together with its ground, in one rule:
one of the product's, or a plain one, so that it can be read there, and everything else that stands on that ground, too. Selectors are elements,
classes and ids; what the product must be able to show (dialogs, messages, the foot with its legal links) is out of their reach, and has a ground, a
colour and letters of its own. Of rules around rules there is @media. Everything else is refused with its line and a sentence, and then nothing of
the sheet is published. What is served is written anew from what was understood. No list can rule out that a page becomes hard to read; so the
sheet does not hold at all where people book, pay, agree, meet and read legal texts, nor where it is written and undone.
docs/rules/own-css.md has worked tables.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any

import tinycss2  # type: ignore[import-untyped]
from tinycss2 import color4

from branding.rules.contrast import TEXT, luminance
from branding.rules.stylesheet import FONTS
from core.kernel.translation import gettext_noop, translate

MOST_LETTERS, MOST_RULES, MOST_SELECTORS, DEEPEST, MOST_PROBLEMS = 10_000, 200, 20, 6, 20
# Where the sheet holds, and what on such a page it never reaches.
ROOT, FIXED = "own-look", ("dialog", "[popover]", ".toasts", ".foot", ".skip")
UNPAINTED = (
    ".main__content",
    "modal-dialog",
    "time-zone-picker",
)  # have no box, so that their text would stand on another's ground
SENTENCES = {
    "css_long": gettext_noop("The sheet has more than 10,000 letters."),
    "css_letters": gettext_noop("Backslashes, “<” and letters that cannot be seen are not taken."),
    "css_deep": gettext_noop("Brackets stand too deep in each other."),
    "css_unclosed": gettext_noop("A bracket or quotation mark is not closed."),
    "css_syntax": gettext_noop("This cannot be read as a rule, or as a property with its value."),
    "css_at": gettext_noop("%(what)s is not taken; of rules around rules there is @media."),
    "css_media": gettext_noop("@media asks for width, orientation, hovering, motion or colour scheme only: %(what)s"),
    "css_nested": gettext_noop("Rules inside rules are not taken: %(what)s"),
    "css_selector": gettext_noop("Selectors are elements, classes and ids with a few states: %(what)s"),
    "css_property": gettext_noop("The property “%(what)s” is not taken."),
    "css_important": gettext_noop("“!important” is not needed and not taken: %(what)s"),
    "css_value": gettext_noop("This value is not taken: %(what)s"),
    "css_contrast": gettext_noop("Text in this colour cannot be read on this ground: %(what)s"),
    "css_pair": gettext_noop(
        "Text and its ground have their colours in the same rule; one of them is missing: %(what)s"
    ),
    "css_ground": gettext_noop("Grounds are very light or very dark, so that everything on them can be read: %(what)s"),
    "css_many": gettext_noop("The sheet has too many rules or selectors."),
}
_STATES = {"hover", "focus", "focus-visible", "focus-within", "active", "checked", "disabled", "first-child", "last-child",
           "first-of-type", "last-of-type", "only-child", "empty"}  # fmt: skip
_PARTS = {"first-letter", "first-line", "placeholder", "selection"}
_COUNTED = {"nth-child", "nth-last-child", "nth-of-type"}
_FEATURES = {
    "width",
    "min-width",
    "max-width",
    "orientation",
    "hover",
    "prefers-reduced-motion",
    "prefers-color-scheme",
    "prefers-contrast",
}
_MEDIA_WORDS = {"screen", "all", "and", "not", "only"}
_GRADIENTS = {
    "linear-gradient",
    "radial-gradient",
    "conic-gradient",
    "repeating-linear-gradient",
    "repeating-radial-gradient",
}
_COLOURS = {"rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch"}
_DIRECTIONS = {
    "to",
    "top",
    "bottom",
    "left",
    "right",
    "at",
    "center",
    "circle",
    "ellipse",
    "from",
    "closest-side",
    "farthest-corner",
}
_LINES = {"solid", "dashed", "dotted", "double", "none", "inset", "thin", "medium", "underline", "wavy"}
_VARIABLES = re.compile(r"--(?:brand|color|space|radius|shadow|font|text|weight)-[a-z0-9-]+")
# Inks and grounds of the product: the palette sees to it that each ink can be read on each ground, in the light and in the dark.
INKS = {
    f"--color-{name}" for name in ("text", "muted", "link", "danger-text", "success-text", "warning-text", "info-text")
}
GROUNDS = {f"--color-{name}" for name in ("canvas", "surface", "raised", "sunken", "hover")}
# Luminance of the darkest of those grounds in the light, and of the palest in the dark; what can be read there can be read on all.
LEAST_LIGHT, MOST_DARK = 0.9, 0.02
_DARK_INK, _LIGHT_INK = (LEAST_LIGHT + 0.05) / TEXT - 0.05, (MOST_DARK + 0.05) * TEXT - 0.05
# Whose letters are letters: those on offer, what browsers choose, and what computers have. Others may draw signs.
FAMILIES = {
    "serif", "sans-serif", "monospace", "system-ui", "ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded", *(name.lower() for name in FONTS),
    "arial", "helvetica", "helvetica neue", "verdana", "tahoma", "trebuchet ms", "segoe ui", "roboto", "noto sans", "noto serif", "georgia",
    "times", "times new roman", "cambria", "palatino", "palatino linotype", "garamond", "baskerville", "didot", "optima", "avenir", "futura",
    "gill sans", "calibri", "candara", "courier", "courier new", "consolas", "menlo", "monaco",
}  # fmt: skip
Token = Any


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be made of. `lengths`: least and most by unit; `numbers`: least and most of a plain one."""

    lengths: dict[str, tuple[float, float]] = field(default_factory=dict)
    numbers: tuple[float, float] | None = (0, 0)
    words: frozenset[str] = frozenset()
    colours: str = ""  # "", any, opaque
    paints: bool = False
    families: bool = False


def _of(*words: str) -> Kind:
    return Kind(words=frozenset(words))


_SPACE = Kind(
    {"px": (0, 160), "rem": (0, 10), "em": (0, 6), "%": (0, 50), "ch": (0, 20)}, words=frozenset({"auto", "normal"})
)
_LINE = Kind({"px": (0, 12), "rem": (0, 0.75), "em": (0, 0.75)}, words=frozenset(_LINES), colours="any")
_CORNER = Kind({"px": (0, 999), "rem": (0, 10), "em": (0, 10), "%": (0, 50)})
_SHADOW = Kind({"px": (-32, 32), "rem": (-2, 2), "em": (-2, 2)}, words=frozenset({"none"}), colours="any")
_SIZE = Kind(
    {"px": (12, 96), "rem": (0.75, 6)},
    numbers=None,
    words=frozenset({"small", "medium", "large", "x-large", "xx-large", "larger"}),
)
_INK, _GROUND = Kind(colours="opaque", numbers=None), Kind(colours="opaque", numbers=None, paints=True)
_SIDES = (
    "",
    "-top",
    "-right",
    "-bottom",
    "-left",
    "-block",
    "-block-start",
    "-block-end",
    "-inline",
    "-inline-start",
    "-inline-end",
)
_EDGES = ("", "-style", "-color", "-width")
PROPERTIES: dict[str, Kind] = {
    "color": _INK, "caret-color": _INK, "accent-color": _INK, "background": _GROUND, "background-color": _GROUND,
    **{f"padding{side}": _SPACE for side in _SIDES}, **{f"margin{side}": _SPACE for side in _SIDES},
    "gap": _SPACE, "row-gap": _SPACE, "column-gap": _SPACE,
    **{f"border{side}{edge}": _LINE for side in _SIDES for edge in _EDGES},
    "border-radius": _CORNER, **{f"border-{corner}-radius": _CORNER for corner in (
        "top-left", "top-right", "bottom-left", "bottom-right", "start-start", "start-end", "end-start", "end-end")},
    "box-shadow": _SHADOW, "font-size": _SIZE, "font-family": Kind(numbers=None, families=True),
    "font-weight": Kind(numbers=(100, 900), words=frozenset({"normal", "bold"})), "font-style": _of("normal", "italic"),
    "font-variant-caps": _of("normal", "small-caps"), "font-variant-numeric": _of("normal", "tabular-nums", "oldstyle-nums", "lining-nums"),
    "line-height": Kind(numbers=(1, 3), words=frozenset({"normal"})),
    "letter-spacing": Kind({"em": (-0.05, 0.3), "px": (-1, 5), "rem": (-0.05, 0.3)}, words=frozenset({"normal"})),
    "text-align": _of("start", "end", "left", "right", "center", "justify"),
    "text-transform": _of("none", "uppercase", "lowercase", "capitalize"), "text-wrap": _of("wrap", "balance", "pretty"),
    "hyphens": _of("none", "manual", "auto"), "list-style-type": _of("disc", "circle", "square", "decimal", "none"),
    "text-decoration": _LINE, "text-decoration-line": _LINE, "text-decoration-color": _LINE, "text-decoration-style": _LINE,
    "text-decoration-thickness": _LINE, "text-underline-offset": _LINE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not taken: where, why, and what it is."""

    line: int
    code: str
    what: str = ""

    @property
    def sentence(self) -> str:
        """For whoever wrote the sheet."""
        said = translate(SENTENCES[self.code], **({"what": self.what} if "%(" in SENTENCES[self.code] else {}))
        return translate("Line %(line)s: %(said)s", line=self.line, said=said)


@dataclass(frozen=True, slots=True)
class OwnCss:
    """A sheet as it was understood: as it is served, how many rules it has, and what is not taken."""

    sheet: str
    rules: int
    problems: tuple[Problem, ...]


class _Refused(Exception):
    def __init__(self, token: Token, code: str, what: str = "") -> None:
        super().__init__(code)
        self.problem = Problem(getattr(token, "source_line", 1), code, what)


@lru_cache(maxsize=64)
def read_css(text: str) -> OwnCss:
    """What is understood of a sheet. With any problem, `sheet` is empty: half of a look is none."""
    if problem := _before_reading(text):
        return OwnCss("", 0, (problem,))
    problems: list[Problem] = []
    rules = _rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), problems)
    if len(rules) > MOST_RULES:
        problems.append(Problem(1, "css_many"))
    if problems:
        return OwnCss("", 0, tuple(problems[:MOST_PROBLEMS]))
    return OwnCss(
        "@layer own {\n" + "\n".join(rules) + "\n}\n" if rules else "", sum(rule.endswith("; }") for rule in rules), ()
    )


def _before_reading(text: str) -> Problem | None:
    """What must not reach the parser, or would let it mend what the writer left open."""
    if len(text) > MOST_LETTERS:
        return Problem(1, "css_long")
    for number, line in enumerate(text.split("\n"), 1):
        if "\\" in line or "<" in line or any(not letter.isprintable() and letter not in "\t\r" for letter in line):
            return Problem(number, "css_letters")
    plain = re.sub(
        r"/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'", lambda found: re.sub(r"[^\n]", " ", found.group()), text, flags=re.DOTALL
    )
    open_: list[str] = []
    for place, letter in enumerate(plain):
        if letter in "([{":
            open_.append({"(": ")", "[": "]", "{": "}"}[letter])
        wrong = letter in ")]}" and (not open_ or open_.pop() != letter)
        if wrong or len(open_) > DEEPEST:
            return Problem(plain.count("\n", 0, place) + 1, "css_unclosed" if wrong else "css_deep")
    if open_ or "/*" in plain or '"' in plain or "'" in plain:
        return Problem(plain.count("\n") + 1, "css_unclosed")
    return None


def _rules(nodes: Iterable[Token], problems: list[Problem], *, inside: bool = False) -> list[str]:
    made: list[str] = []
    for node in nodes:
        try:
            made += _rule(node, problems, inside=inside)
        except _Refused as refused:
            problems.append(refused.problem)
    return made


def _rule(node: Token, problems: list[Problem], *, inside: bool) -> list[str]:
    if node.type == "error":
        raise _Refused(node, "css_syntax")
    if node.type == "at-rule":
        if node.lower_at_keyword != "media" or inside or node.content is None:
            raise _Refused(node, "css_at", f"@{node.at_keyword[:30]}")
        asked = _media(node)
        within = _rules(
            tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True), problems, inside=True
        )
        return [f"@media {asked} {{", *within, "}"] if within else []
    declarations, selectors = _declarations(node.content, problems), _selectors(node)
    return [f"{selector} {{ {' '.join(declarations)} }}" for selector in selectors] if declarations else []


def _declarations(content: Sequence[Token], problems: list[Problem]) -> list[str]:
    made: list[str] = []
    ink, ground, is_refused = None, None, False
    for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        try:
            written = _declaration(each)
            if each.lower_name == "color":
                ink = each
            elif each.lower_name in ("background", "background-color"):
                ground = each
            else:
                made.append(written)
        except _Refused as refused:
            problems.append(refused.problem)
            is_refused = True
    if is_refused or (ink is None and ground is None):
        return made
    try:
        return made + _pair(ink, ground)
    except _Refused as refused:
        problems.append(refused.problem)
        return made


def _pair(ink: Token, ground: Token) -> list[str]:
    """Text and its ground as they are served, with the scheme in which the product's other colours go with them."""
    if ink is None or ground is None:
        raise _Refused(ink or ground, "css_pair", _short_declaration(ink or ground))
    [front], behind, gradient = _paints(ink), _paints(ground), _gradient(ground)
    schemes = {scheme for paint in behind if (scheme := _scheme_of_ground(paint, ground))}
    if not front.startswith("--"):
        schemes.add(_scheme_of_ink(front))
    if len(schemes) > 1 or "neither" in schemes:
        raise _Refused(ink, "css_contrast", f"{front} / {', '.join(behind)}")
    shown = [f"var({paint})" if paint.startswith("--") else paint for paint in (front, behind[0])]
    return [
        f"color: {shown[0]};",
        f"background: {shown[1]};",  # the whole of it, so that no picture of another rule stays
        *([f"background-image: {gradient};"] if gradient else ()),
        *(f"color-scheme: {scheme};" for scheme in schemes),
    ]


def _paints(declaration: Token) -> list[str]:
    """The colours of which it is made, each as hex or as the name of a variable: one, or those of one gradient."""
    parts = [token for token in declaration.value if token.type not in ("whitespace", "comment")]
    known = INKS if declaration.lower_name == "color" else GROUNDS
    if len(parts) == 1 and parts[0].type == "function" and parts[0].lower_name in _GRADIENTS:
        parts = [token for token in parts[0].arguments if _is_paint(token)]
    elif len(parts) > 1:
        parts = []
    paints = [_paint(token) for token in parts]
    if not paints or not all(paint.startswith("#") or paint in known for paint in paints):
        raise _Refused(declaration, "css_value", _short_declaration(declaration))
    return paints


def _is_paint(token: Token) -> bool:
    is_direction = token.type == "ident" and token.lower_value in _DIRECTIONS
    return token.type in ("hash", "function") or (token.type == "ident" and not is_direction)


def _paint(token: Token) -> str:
    """Hex, the name of a variable, or nothing."""
    if token.type == "function" and token.lower_name == "var":
        return str(next(each.value for each in token.arguments if each.type == "ident"))
    return _hex(token)


def _gradient(ground: Token) -> str:
    [part] = [token for token in ground.value if token.type not in ("whitespace", "comment")]
    return _written([part]) if part.type == "function" and part.lower_name in _GRADIENTS else ""


def _scheme_of_ground(paint: str, ground: Token) -> str:
    if paint.startswith("--"):
        return ""
    light = luminance(paint)
    if MOST_DARK < light < LEAST_LIGHT:
        raise _Refused(ground, "css_ground", paint)
    return "light" if light >= LEAST_LIGHT else "dark"


def _scheme_of_ink(paint: str) -> str:
    """Where it can be read; a word that is no scheme where it can be read on neither."""
    light = luminance(paint)
    return "light" if light <= _DARK_INK else "dark" if light >= _LIGHT_INK else "neither"


def _declaration(each: Token) -> str:
    if each.type == "error":
        raise _Refused(each, "css_syntax")
    if each.type != "declaration":
        raise _Refused(each, "css_nested", _short(each.prelude))
    kind = PROPERTIES.get(each.lower_name)
    if kind is None:
        raise _Refused(each, "css_property", each.name[:40])
    if each.important:
        raise _Refused(each, "css_important", each.name[:40])
    parts = [token for token in each.value if token.type not in ("whitespace", "comment")]
    if not parts or not all(_is_fit(token, kind) for token in parts):
        raise _Refused(each, "css_value", _short_declaration(each))
    return f"{each.lower_name}: {tinycss2.serialize(_without_comments(each.value)).strip()};"


def _is_fit(token: Token, kind: Kind) -> bool:
    """Whether one part of a value may stand there."""
    if token.type in ("dimension", "percentage"):
        least, most = kind.lengths.get("%" if token.type == "percentage" else token.lower_unit, (1, 0))
        return bool(least <= token.value <= most)
    if token.type == "number":
        return kind.numbers is not None and kind.numbers[0] <= token.value <= kind.numbers[1]
    if token.type == "function":
        return _is_fit_function(token, kind)
    if token.type == "ident" and token.lower_value in kind.words:
        return True
    if token.type in ("ident", "string") and kind.families:
        return token.value.lower() in FAMILIES
    if token.type == "literal":
        return token.value == "," and (kind.families or bool(kind.colours))
    return _is_colour(token, kind)


def _is_fit_function(token: Token, kind: Kind) -> bool:
    inner = [each for each in token.arguments if each.type not in ("whitespace", "comment")]
    if token.lower_name == "var":
        return len(inner) == 1 and inner[0].type == "ident" and _VARIABLES.fullmatch(inner[0].value) is not None
    if token.lower_name in _GRADIENTS:
        return kind.paints and all(_is_in_gradient(each, kind) for each in inner)
    return _is_colour(token, kind)


def _is_in_gradient(token: Token, kind: Kind) -> bool:
    if token.type == "dimension":
        return token.lower_unit in ("px", "rem", "deg", "turn") and abs(token.value) <= 2000
    if token.type == "percentage":
        return bool(-100 <= token.value <= 200)
    if token.type == "ident" and token.lower_value in _DIRECTIONS:
        return True
    is_function = token.type == "function" and (token.lower_name in _COLOURS or token.lower_name == "var")
    return (token.type == "literal" and token.value == ",") or (
        _is_fit_function(token, kind) if is_function else _is_colour(token, kind)
    )


def _is_colour(token: Token, kind: Kind) -> bool:
    if not kind.colours or (token.type == "function" and token.lower_name not in _COLOURS):
        return False
    try:
        colour = color4.parse_color(token)
    except (ValueError, TypeError, IndexError):  # because what is no colour may be anything
        return False
    if colour is None:
        return False
    alpha = 1.0 if isinstance(colour, str) else colour.alpha
    return kind.colours == "any" or alpha == 1.0


def _hex(token: Token) -> str:
    """A colour that lets nothing through; empty for anything else."""
    try:
        colour = color4.parse_color(token)
    except (ValueError, TypeError, IndexError):  # because what is no colour may be anything
        return ""
    if colour is None or isinstance(colour, str) or colour.alpha < 1:
        return ""
    try:
        channels = colour.to("srgb").coordinates
    except NotImplementedError:  # of a space that the library does not convert
        return ""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, channel or 0.0))):02x}" for channel in channels)


def _media(node: Token) -> str:
    for token in node.prelude:
        is_word = token.type == "ident" and token.lower_value in _MEDIA_WORDS
        is_asked = token.type == "() block" and _is_feature(token.content)
        if not (
            is_word
            or is_asked
            or token.type in ("whitespace", "comment")
            or (token.type == "literal" and token.value == ",")
        ):
            raise _Refused(node, "css_media", _short(node.prelude))
    return _written(node.prelude)


def _is_feature(content: Sequence[Token]) -> bool:
    parts = [token for token in content if token.type not in ("whitespace", "comment")]
    if not parts or parts[0].type != "ident" or parts[0].lower_value not in _FEATURES:
        return False
    return len(parts) == 1 or (
        len(parts) == 3
        and parts[1].type == "literal"
        and parts[1].value == ":"
        and parts[2].type in ("ident", "dimension")
    )


def _selectors(node: Token) -> list[str]:
    """The selectors as they are served: within the root, and never what is fixed; one for each part of an element that they end in."""
    found = _split(node.prelude)
    if len(found) > MOST_SELECTORS:
        raise _Refused(node, "css_many")
    read = [_selector(node, tokens) for tokens in found]
    fixed = ", ".join((*FIXED, *(f"{each} *" for each in FIXED), *UNPAINTED))
    by_part = groupby(sorted(read, key=lambda each: each[1]), key=lambda each: each[1])
    return [
        f":is(.{ROOT}, .{ROOT} *):is({', '.join(plain for plain, _ in group)}):not(:where({fixed})){part and '::' + part}"
        for part, group in by_part
    ]


def _selector(node: Token, tokens: list[Token]) -> tuple[str, str]:
    """One selector, and the part of an element that it ends in."""
    part = ""
    if (
        len(tokens) > 3
        and [each.type for each in tokens[-3:]] == ["literal", "literal", "ident"]
        and tokens[-1].lower_value in _PARTS
    ):
        part, tokens = tokens[-1].lower_value, tokens[:-3]
    text = _written(tokens)
    if (
        not _is_selector(tokens)
        or not text
        or text[-1] in ">+~"
        or text[0] in ">+~"
        or re.search(r"[>+~]\s*[>+~]", text)
    ):
        raise _Refused(node, "css_selector", _short(node.prelude))
    return text, part


def _is_selector(tokens: Sequence[Token]) -> bool:
    before = ""
    for token in tokens:
        if before in (".", ":"):
            fit = _is_state(token) if before == ":" else token.type == "ident"
        elif token.type == "[] block":
            fit = (
                re.fullmatch(r"data-theme=[\"']?(dark|light)[\"']?", tinycss2.serialize(token.content).strip())
                is not None
            )
        elif token.type == "literal":
            fit = token.value in (".", ":", "*", ">", "+", "~")
        else:
            fit = token.type in ("ident", "whitespace", "comment") or (token.type == "hash" and token.is_identifier)
        if not fit:
            return False
        before = token.value if token.type == "literal" else ""
    return before not in (".", ":")


def _is_state(token: Token) -> bool:
    if token.type == "ident":
        return token.lower_value in _STATES
    if token.type != "function":
        return False
    if token.lower_name in _COUNTED:
        return re.fullmatch(r"[\dn+\-\s]{1,12}|odd|even", tinycss2.serialize(token.arguments).strip()) is not None
    return token.lower_name in ("not", "is", "where") and all(
        part and _is_selector(part) for part in _split(token.arguments)
    )


def _split(tokens: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [_trimmed(part) for part in parts]


def _trimmed(tokens: list[Token]) -> list[Token]:
    """Without gaps at both ends."""
    kept = [number for number, token in enumerate(tokens) if token.type not in ("whitespace", "comment")]
    return tokens[kept[0] : kept[-1] + 1] if kept else []


def _without_comments(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.type != "comment"]


def _written(tokens: Sequence[Token]) -> str:
    return str(tinycss2.serialize(_without_comments(tokens)).strip())


def _short(tokens: Sequence[Token]) -> str:
    text = " ".join(_written(tokens).split())
    return f"{text[:60]} …" if len(text) > 60 else text


def _short_declaration(declaration: Token) -> str:
    return f"{declaration.name}: {_short(declaration.value)}"
