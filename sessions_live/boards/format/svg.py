"""A board as a drawing (SVG): what is on its pages, as pages of the product draw it, in letters that any reader of such files shows."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from wcwidth import wcwidth

from sessions_live.boards.format.items import NO_TEXT, STROKES, WITH_WORDS, read_points
from sessions_live.boards.format.palette import COLOURS, LINES, NOTES, PAPER

MARGIN = 40.0  # around what is drawn
SMALLEST = (400.0, 300.0)  # of a page
LARGEST = 20_000.0  # what lies farther away is left out
GAP = 60.0  # between pages that stand below each other
LINE_HEIGHT, NOTE_PADDING = 1.3, 12.0
WIDE_LETTER, LETTER = 100, 52  # hundredths of the size, because no font is at hand to measure
THINNING = 0.55
RULES = {
    "plain": (),
    "ruled": ((0, 36),),
    "squared": ((0, 24),),
    "staff": tuple((step, 120) for step in (0, 10, 20, 30, 40)),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing as the document has it."""

    item: Mapping[str, Any]
    place: Mapping[str, Any]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What lies on one page, the lowest first."""

    paper: str = "plain"
    things: list[Thing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One page drawn: the elements, the part of the board that they take (left, top, width, height), and which pictures they show."""

    elements: str
    box: tuple[float, float, float, float]
    pictures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Laid:
    """A thing with what is worked out of it once: its points or its lines, and the part of the board that it takes."""

    thing: Thing
    points: list[tuple[float, float, float]]
    lines: list[str]
    box: tuple[float, float, float, float]


def drawing_of(page: Page, *, pictures: Collection[str], family: str) -> Drawing:
    """A page as elements of SVG. `pictures`: the ids of those that can be shown; `family`: of the words."""
    laid = [one for one in map(_laid, page.things) if _is_near(one.box)]
    boxes = [one.box for one in laid]
    left, top = (
        min((box[0] for box in boxes), default=0.0) - MARGIN,
        min((box[1] for box in boxes), default=0.0) - MARGIN,
    )
    right, bottom = (
        max((box[2] for box in boxes), default=0.0) + MARGIN,
        max((box[3] for box in boxes), default=0.0) + MARGIN,
    )
    box = (left, top, max(right - left, SMALLEST[0]), max(bottom - top, SMALLEST[1]))
    elements = "".join(_element(one, pictures, family) for one in laid)
    wanted = {str(one.thing.item["picture"]) for one in laid if one.thing.item["kind"] == "image"}
    return Drawing(_paper(page.paper, box) + elements, box, frozenset(wanted.intersection(pictures)))


def svg_of(drawings: list[Drawing], *, title: str, about: str, pictures: Mapping[str, str]) -> tuple[str, float, float]:
    """A whole drawing of pages below each other; its width and height. `pictures`: data addresses by id, each written once."""
    width, height = max(one.box[2] for one in drawings), sum(one.box[3] for one in drawings) + GAP * (len(drawings) - 1)
    parts, at = [], 0.0
    for one in drawings:
        left, top, _, own_height = one.box
        parts.append(f'<g transform="translate({_n(-left)} {_n(at - top)})">{one.elements}</g>')
        at += own_height + GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}">'
    words = f"<title>{_text(title)}</title><desc>{_text(about)}</desc>"
    wanted = sorted(frozenset().union(*(one.pictures for one in drawings)))
    # One by one unit, so that whoever shows it scales it to their frame.
    kept = "".join(
        f'<image id="{_name(each)}" width="1" height="1" preserveAspectRatio="none" href={quoteattr(pictures[each])}/>'
        for each in wanted
    )
    shared = f"<defs>{kept}</defs>" if kept else ""
    return f"{head}{words}{shared}{''.join(parts)}</svg>", width, height


def _name(picture: str) -> str:
    return f"picture-{picture}"  # a letter first: a name in XML begins with none of the digits


def _text(words: str) -> str:
    """Words as XML holds them."""
    return escape(NO_TEXT.sub("", words))


def _paper(paper: str, box: tuple[float, float, float, float]) -> str:
    left, top, width, height = box
    lines = [f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" fill="{PAPER}"/>']
    path = []
    for offset, gap in RULES.get(paper, ()):
        path += [
            f"M{_n(left)} {gap * row + offset}h{_n(width)}" for row in _steps(top - offset, top + height - offset, gap)
        ]
    if paper == "squared":
        path += [
            f"M{gap * column} {_n(top)}v{_n(height)}" for column in _steps(left, left + width, 24) for gap in (24,)
        ]
    if path:
        lines.append(f'<path d="{"".join(path)}" stroke="{LINES}" stroke-width="1" fill="none"/>')
    return "".join(lines)


def _steps(start: float, end: float, gap: int) -> range:
    return range(math.ceil(start / gap), math.floor(end / gap) + 1)


def _element(laid: _Laid, pictures: Collection[str], family: str) -> str:
    item, place = laid.thing.item, laid.thing.place
    turn = f"translate({_n(place['x'])} {_n(place['y'])}) scale({_n(place['sx'])} {_n(place['sy'])})"
    colour, width = COLOURS[int(item["colour"])], float(item["width"])
    kind = item["kind"]
    if kind in STROKES:
        inner = _stroke(kind, laid.points, colour, width)
    elif kind == "image":
        inner = _picture(item) if str(item["picture"]) in pictures else ""
    elif kind in WITH_WORDS:
        inner = _words(laid, colour, width, family)
    else:
        inner = _shape(item, colour, width)
    return f'<g transform="{turn}">{inner}</g>'


def _stroke(kind: str, points: list[tuple[float, float, float]], colour: str, width: float) -> str:
    line = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y, _ in (points if len(points) > 1 else points * 2))
    round_ends = f'fill="none" stroke="{colour}" stroke-linecap="round" stroke-linejoin="round"'
    if kind == "marker":
        return f'<path d="{line}" {round_ends} stroke-width="{_n(width * 4)}" stroke-opacity="0.35"/>'
    if all(abs(pressure - 0.5) < 0.02 for _, _, pressure in points):
        return f'<path d="{line}" {round_ends} stroke-width="{_n(width * 1.3)}"/>'
    size = width * 1.6
    parts = []
    for (x, y, pressure), (next_x, next_y, next_pressure) in zip(points, points[1:], strict=False):
        radius = size * (0.5 - THINNING * (0.5 - (pressure + next_pressure) / 2))
        parts.append(f'<path d="M{_n(x)} {_n(y)}L{_n(next_x)} {_n(next_y)}" stroke-width="{_n(radius * 2)}"/>')
    return f"<g {round_ends}>{''.join(parts)}</g>"


def _picture(item: Mapping[str, Any]) -> str:
    x, y, w, h = (float(item[side]) for side in ("x", "y", "w", "h"))
    if not _n(w).strip("-0") or not _n(h).strip("-0"):
        return ""  # because what is scaled to nothing is an error to some readers
    frame = f"translate({_n(min(x, x + w))} {_n(min(y, y + h))}) scale({_n(abs(w))} {_n(abs(h))})"
    return f'<use href="#{_name(item["picture"])}" transform="{frame}"/>'


def _shape(item: Mapping[str, Any], colour: str, width: float) -> str:
    kind = item["kind"]
    x, y, w, h = (float(item[side]) for side in ("x", "y", "w", "h"))
    pen = f'fill="none" stroke="{colour}" stroke-width="{_n(width)}" stroke-linecap="round" stroke-linejoin="round"'
    left, top = min(x, x + w), min(y, y + h)
    if kind == "rectangle":
        return f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(abs(w))}" height="{_n(abs(h))}" rx="{_n(min(6.0, abs(w) / 4, abs(h) / 4))}" {pen}/>'
    if kind == "ellipse":
        return f'<ellipse cx="{_n(x + w / 2)}" cy="{_n(y + h / 2)}" rx="{_n(abs(w / 2))}" ry="{_n(abs(h / 2))}" {pen}/>'
    path = f"M{_n(x)} {_n(y)}L{_n(x + w)} {_n(y + h)}"
    if kind == "arrow":
        angle, side = math.atan2(h, w), min(12 + width * 2, math.hypot(w, h) / 2)
        for turn in (0.5, -0.5):
            end_x, end_y = x + w - math.cos(angle + turn) * side, y + h - math.sin(angle + turn) * side
            path += f"M{_n(x + w)} {_n(y + h)}L{_n(end_x)} {_n(end_y)}"
    return f'<path d="{path}" {pen}/>'


def _words(laid: _Laid, colour: str, size: float, family: str) -> str:
    item = laid.thing.item
    x, y, is_note = float(item["x"]), float(item["y"]), item["kind"] == "note"
    padding = NOTE_PADDING if is_note else 0.0
    ground = ""
    if is_note:
        height = max(float(item["h"]), _height(laid.thing, laid.lines))
        ground = f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(abs(item["w"]))}" height="{_n(height)}" fill="{NOTES[int(item["colour"])]}"/>'
        colour = COLOURS[0]
    rows = "".join(
        f'<tspan x="{_n(x + padding)}" y="{_n(y + padding + size * (0.95 + LINE_HEIGHT * row))}">{_text(line) or " "}</tspan>'
        for row, line in enumerate(laid.lines)
    )
    return f'{ground}<text font-family={quoteattr(family)} font-size="{_n(size)}" fill="{colour}">{rows}</text>'


def lines_of(thing: Thing) -> list[str]:
    """The words in lines about as wide as the thing. Each letter is looked at once."""
    size = float(thing.item["width"])
    padding = NOTE_PADDING * 2 if thing.item["kind"] == "note" else 0
    widest = (abs(float(thing.item["w"])) - padding) * 100 / size
    lines: list[str] = []
    for paragraph in thing.words.split("\n"):
        line: list[str] = []  # the words of this line, and how wide they are
        width = 0
        for word in paragraph.split(" "):
            own = _width(word)
            if width and width + LETTER + own > widest:
                lines.append(" ".join(line))
                line, width = [], 0
            last = word
            if own > widest:  # longer than a line, which is empty by now
                *full, last = _cut(word, widest)
                lines += full
                own = _width(last)
            if not width:
                line.clear()
            line.append(last)
            width += own + (LETTER if width else 0)
        lines.append(" ".join(line))
    return lines


def _cut(word: str, widest: float) -> list[str]:
    """A word in parts that are no wider than this, of one letter at least."""
    parts: list[str] = []
    start, width = 0, 0
    for at, letter in enumerate(word):
        own = _width(letter)
        if width + own > widest and at > start:
            parts.append(word[start:at])
            start, width = at, 0
        width += own
    return [*parts, word[start:]]


def _width(text: str) -> int:
    return sum(WIDE_LETTER if wcwidth(letter) > 1 else LETTER for letter in text)


def _height(thing: Thing, lines: list[str]) -> float:
    padding = NOTE_PADDING * 2 if thing.item["kind"] == "note" else 0
    return len(lines) * float(thing.item["width"]) * LINE_HEIGHT + padding


def _laid(thing: Thing) -> _Laid:
    kind = thing.item["kind"]
    points = read_points(thing.item["points"]) if kind in STROKES else []
    lines = lines_of(thing) if kind in WITH_WORDS else []
    return _Laid(thing, points, lines, _box(thing, points, lines))


def _box(thing: Thing, points: list[tuple[float, float, float]], lines: list[str]) -> tuple[float, float, float, float]:
    item, place = thing.item, thing.place
    if item["kind"] in STROKES:
        across, down = [x for x, _, _ in points], [y for _, y, _ in points]
        grow = float(item["width"]) * 2
    else:
        height = max(float(item["h"]), _height(thing, lines)) if item["kind"] in WITH_WORDS else float(item["h"])
        across, down = (
            [float(item["x"]), float(item["x"]) + float(item["w"])],
            [float(item["y"]), float(item["y"]) + height],
        )
        grow = 0.0 if item["kind"] in WITH_WORDS or item["kind"] == "image" else float(item["width"]) * 2
    xs = sorted(edge * place["sx"] + place["x"] for edge in (min(across) - grow, max(across) + grow))
    ys = sorted(edge * place["sy"] + place["y"] for edge in (min(down) - grow, max(down) + grow))
    return xs[0], ys[0], xs[1], ys[1]


def _is_near(box: tuple[float, float, float, float]) -> bool:
    return all(abs(edge) <= LARGEST for edge in box)


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
