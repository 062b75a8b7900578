"""From a few facts to a whole palette, light and dark.

An organization says: our colour, perhaps a second one, how warm the greys are (from the brand, cool, plain, warm), how round the corners
are (sharp, soft, round), which fonts. All else follows. Its colour is used as it was given wherever text on it can be read; otherwise it
becomes darker or lighter, hue kept, and the answer says what was changed and why. Text always has a contrast of at least 4.5 : 1, marks and
edges 3 : 1 (WCAG 2.2 AA), for every colour there is, in both themes.
docs/rules/palette.md has a worked table.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from branding.rules.contrast import INTERFACE, TEXT, Oklch, contrast, nearest, parse_hex, to_hex, to_oklch
from core.kernel.translation import gettext_noop, translate

Neutral = Literal["brand", "cool", "plain", "warm"]
Radius = Literal["sharp", "soft", "round"]
WHITE = "#ffffff"
# Lightness of each grey: 0 is paper, 950 the page at night.
GREYS = {
    0: 1.0, 50: 0.984, 100: 0.966, 150: 0.944, 200: 0.918, 300: 0.865, 400: 0.71, 500: 0.595, 600: 0.49,
    700: 0.395, 800: 0.32, 850: 0.275, 900: 0.235, 925: 0.208, 950: 0.178,
}  # fmt: skip
TINTS = {"brand": 0.010, "cool": 0.012, "plain": 0.0, "warm": 0.011}
HUES = {"cool": 258.0, "plain": 0.0, "warm": 70.0}
STATUS = {"danger": (25.0, 0.19), "success": (155.0, 0.14), "warning": (72.0, 0.14), "info": (248.0, 0.14)}
# Eight colours to tell people and services apart, far from each other and equal in weight.
TONES = (262.0, 200.0, 160.0, 118.0, 75.0, 40.0, 355.0, 310.0)
RADII = {"sharp": "0.125rem", "soft": "0.5rem", "round": "0.875rem"}


@dataclass(frozen=True, slots=True)
class BrandFacts:
    """What an organization says about itself; colours as hex, fonts by family name."""

    primary: str
    accent: str | None = None
    neutral: Neutral = "brand"
    heading_font: str = "Figtree"
    body_font: str = "Inter"
    radius: Radius = "soft"


UNREADABLE_ON = {
    "white": gettext_noop("White text on a button in %(wanted)s could not be read, so the button is %(used)s."),
    "dark": gettext_noop("Dark text on a button in %(wanted)s could not be read, so the button is %(used)s."),
}
LOST_IN = {
    "light": {
        "marks": gettext_noop(
            "In the light theme marks and edges in %(wanted)s could not be told from the page, so they are %(used)s."
        ),
        "links": gettext_noop("In the light theme links in %(wanted)s could not be read, so they are %(used)s."),
        "accents": gettext_noop(
            "In the light theme accents in %(wanted)s could not be told from the page, so they are %(used)s."
        ),
    },
    "dark": {
        "marks": gettext_noop(
            "In the dark theme marks and edges in %(wanted)s could not be told from the page, so they are %(used)s."
        ),
        "links": gettext_noop("In the dark theme links in %(wanted)s could not be read, so they are %(used)s."),
        "accents": gettext_noop(
            "In the dark theme accents in %(wanted)s could not be told from the page, so they are %(used)s."
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One wish that could not be met as it stood."""

    token: str
    wanted: str
    used: str
    against: str
    ratio: float
    needed: float
    english: str

    @property
    def reason(self) -> str:
        """What was changed and why, in the language in force; the palette itself is kept for readers of every language."""
        return translate(self.english, wanted=self.wanted, used=self.used)


@dataclass(frozen=True, slots=True)
class Palette:
    """Name → hex colour for every primitive, and what had to differ from the wish."""

    colours: Mapping[str, str]
    adjustments: tuple[Adjustment, ...] = field(default=())


# (what stands in front, what lies behind, least contrast). `-dark` names belong to the dark theme.
_LIGHT = ("neutral-0", "neutral-50", "neutral-100")
_DARK = ("neutral-950", "neutral-925", "neutral-900", "neutral-850")
REQUIREMENTS: tuple[tuple[str, str, float], ...] = (
    ("on-action", "action", TEXT), ("on-action", "action-hover", TEXT),
    ("on-action-dark", "action-dark", TEXT), ("on-action-dark", "action-hover-dark", TEXT),
    ("on-panel", "panel", TEXT), ("on-panel", "panel-deep", TEXT),
    *((name, ground, TEXT) for name in ("neutral-900", "neutral-600", "text") for ground in _LIGHT),
    *((name, ground, TEXT) for name in ("neutral-100", "neutral-400", "text-dark") for ground in _DARK),
    *((name, ground, INTERFACE) for name in ("mark", "edge", "accent", "neutral-500") for ground in _LIGHT),
    *((f"{name}-dark", ground, INTERFACE) for name in ("mark", "edge", "accent") for ground in _DARK),
    *(("neutral-500", ground, INTERFACE) for ground in _DARK),
    *((f"on-soft{theme}", f"soft{theme}", TEXT) for theme in ("", "-dark")),
    *((f"on-accent-soft{theme}", f"accent-soft{theme}", TEXT) for theme in ("", "-dark")),
    *((f"on-{name}-solid", f"{name}-solid", TEXT) for name in STATUS),
    *((f"{name}-text", ground, TEXT) for name in STATUS for ground in (*_LIGHT, f"{name}-soft")),
    *((f"{name}-text-dark", ground, TEXT) for name in STATUS for ground in (*_DARK, f"{name}-soft-dark")),
    *((f"tone-{n}-text{theme}", f"tone-{n}-soft{theme}", TEXT) for n in range(1, 9) for theme in ("", "-dark")),
    *((f"tone-{n}-mark", ground, INTERFACE) for n in range(1, 9) for ground in _LIGHT),
    *((f"tone-{n}-mark-dark", ground, INTERFACE) for n in range(1, 9) for ground in _DARK),
)  # fmt: skip


@functools.lru_cache(maxsize=1000)
def derive_palette(facts: BrandFacts) -> Palette:
    """The whole palette of a brand, kept because it takes as long as half a page. ValueError when a colour is not `#rgb` or `#rrggbb`."""
    return _Mixer(facts).mix()


def failures(colours: Mapping[str, str]) -> list[str]:
    """Every requirement that a palette misses, as sentences; empty for all that `derive_palette` returns."""
    return [
        f"{front} on {back} is {contrast(colours[front], colours[back]):.2f}, needed {needed}"
        for front, back, needed in REQUIREMENTS
        if contrast(colours[front], colours[back]) < needed
    ]


class _Mixer:
    """Mixes one palette; `colours` grows in the order of the methods."""

    def __init__(self, facts: BrandFacts) -> None:
        self.facts = facts
        self.primary = _canonical(facts.primary)
        self.brand = to_oklch(self.primary)
        self.colours: dict[str, str] = {}
        self.adjustments: list[Adjustment] = []

    def mix(self) -> Palette:
        self._greys()
        for theme, grounds in (("", _LIGHT), ("-dark", _DARK)):
            self._brand(theme, grounds)
            self._accent(theme, grounds)
            self._statuses(theme, grounds)
            self._tones(theme, grounds)
        self._panel()
        return Palette(self.colours, tuple(self.adjustments))

    def _greys(self) -> None:
        hue = HUES.get(self.facts.neutral, self.brand.hue)
        tint = TINTS[self.facts.neutral] if self.brand.chroma > 0.02 or self.facts.neutral != "brand" else 0.0
        for step, lightness in GREYS.items():
            # Paper stays white and the mid greys carry most of the tint, because tinted white reads as dirt.
            chroma = 0.0 if step == 0 else tint * min(1.0, 0.3 + step / 500)
            self.colours[f"neutral-{step}"] = to_hex(Oklch(lightness, chroma, hue))
        grounds = (*_LIGHT, *_DARK)
        for step, needed, over in ((600, TEXT, _LIGHT), (400, TEXT, _DARK), (500, INTERFACE, grounds)):
            wanted = to_oklch(self.colours[f"neutral-{step}"])
            self.colours[f"neutral-{step}"] = self._readable(wanted, over, needed)

    def _brand(self, theme: str, grounds: tuple[str, ...]) -> None:
        action, on_action = self._fill(f"action{theme}", self.brand, self.primary)
        self.colours[f"action{theme}"], self.colours[f"on-action{theme}"] = action, on_action
        step = -0.05 if on_action == WHITE else 0.045
        hover = to_oklch(action)
        self.colours[f"action-hover{theme}"] = (
            nearest(hover.at(hover.lightness + step), _readable_under(on_action)) or action
        )
        self.colours[f"edge{theme}"] = self._readable(to_oklch(action), grounds, INTERFACE)
        self.colours[f"mark{theme}"] = self._readable(self.brand, grounds, INTERFACE)
        text = self.brand.at(min(self.brand.lightness, 0.52) if not theme else max(self.brand.lightness, 0.78))
        self.colours[f"text{theme}"] = self._readable(text, grounds, TEXT)
        self._soft("soft", "on-soft", self.brand, theme)
        self._note(f"mark{theme}", self.primary, grounds, INTERFACE, "marks")
        self._note(f"text{theme}", self.primary, grounds, TEXT, "links")

    def _accent(self, theme: str, grounds: tuple[str, ...]) -> None:
        wanted = to_oklch(_canonical(self.facts.accent)) if self.facts.accent else _neighbour(self.brand)
        self.colours[f"accent{theme}"] = self._readable(wanted, grounds, INTERFACE)
        self._soft("accent-soft", "on-accent-soft", wanted, theme)
        if self.facts.accent:
            self._note(f"accent{theme}", _canonical(self.facts.accent), grounds, INTERFACE, "accents")

    def _statuses(self, theme: str, grounds: tuple[str, ...]) -> None:
        for name, (hue, chroma) in STATUS.items():
            self._soft(f"{name}-soft", f"{name}-text", Oklch(0.55, chroma, hue), theme, grounds)
            if not theme:
                solid = nearest(Oklch(0.55, chroma, hue), _readable_under(WHITE))
                self.colours[f"{name}-solid"] = solid or "#000000"
                self.colours[f"on-{name}-solid"] = WHITE

    def _tones(self, theme: str, grounds: tuple[str, ...]) -> None:
        for number, hue in enumerate(TONES, start=1):
            self._soft(f"tone-{number}-soft", f"tone-{number}-text", Oklch(0.55, 0.12, hue), theme)
            tone = Oklch(0.72 if theme else 0.60, 0.13, hue)
            self.colours[f"tone-{number}-mark{theme}"] = self._readable(tone, grounds, INTERFACE)

    def _panel(self) -> None:
        """The deep ground of the sign-in page and of the mail's head, with white text."""
        chroma = min(self.brand.chroma, 0.13)
        for name, lightness in (("panel", 0.36), ("panel-deep", 0.25)):
            wanted = Oklch(lightness, chroma, self.brand.hue)
            self.colours[name] = nearest(wanted, lambda shade: contrast(shade, WHITE) >= 7) or "#000000"
        self.colours["on-panel"] = WHITE

    def _fill(self, token: str, wanted: Oklch, as_given: str) -> tuple[str, str]:
        """A ground for text, as near to the wish as it can be, and its text: white first, else ink."""
        ink = to_hex(Oklch(0.2, min(wanted.chroma, 0.04), wanted.hue))
        # From 3.0 on, a slightly darker ground with white text looks better than dark text on a mid tone.
        order = (WHITE, ink) if contrast(as_given, WHITE) >= INTERFACE else (ink, WHITE)
        for on in order:
            before = contrast(as_given, on)
            if before >= TEXT:
                return as_given, on
            if shade := nearest(wanted, _readable_under(on)):
                reason = UNREADABLE_ON["white" if on == WHITE else "dark"]
                self._add(Adjustment(token, as_given, shade, f"on-{token}", before, TEXT, reason))
                return shade, on
        raise AssertionError("black and white always differ")

    def _soft(self, ground: str, text: str, colour: Oklch, theme: str, also_on: tuple[str, ...] = ()) -> None:
        """A quiet tint and the text that stands on it."""
        lightness, strength, ink = (0.958, 0.25, 0.42) if not theme else (0.285, 0.45, 0.86)
        chroma = min(colour.chroma * strength, 0.035 if not theme else 0.06)
        self.colours[f"{ground}{theme}"] = to_hex(Oklch(lightness, chroma, colour.hue))
        wanted = Oklch(ink, min(colour.chroma, 0.14) * (0.9 if not theme else 0.65), colour.hue)
        self.colours[f"{text}{theme}"] = self._readable(wanted, (f"{ground}{theme}", *also_on), TEXT)

    def _readable(self, wanted: Oklch, grounds: tuple[str, ...], needed: float) -> str:
        """The wanted colour, darkened or lightened until it stands out from every ground."""
        behind = [self.colours[ground] for ground in grounds]
        found = nearest(wanted, lambda shade: all(contrast(shade, ground) >= needed for ground in behind))
        if found is None:
            raise AssertionError(f"no shade reaches {needed} on {grounds}")  # the greys leave room by design
        return found

    def _note(self, token: str, wanted: str, grounds: tuple[str, ...], needed: float, what: str) -> None:
        """Say so when a colour could not stand on the page as it was given."""
        worst = min(grounds, key=lambda ground: contrast(wanted, self.colours[ground]))
        ratio, used = contrast(wanted, self.colours[worst]), self.colours[token]
        if ratio < needed:
            reason = LOST_IN["dark" if token.endswith("-dark") else "light"][what]
            self._add(Adjustment(token, wanted, used, worst, ratio, needed, reason))

    def _add(self, adjustment: Adjustment) -> None:
        """Each sentence once, though a button may need the same change in both themes."""
        if adjustment.reason not in (one.reason for one in self.adjustments):
            self.adjustments.append(adjustment)


def _readable_under(text: str) -> Callable[[str], bool]:
    return lambda ground: contrast(ground, text) >= TEXT


def _canonical(colour: str) -> str:
    red, green, blue = parse_hex(colour)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _neighbour(colour: Oklch) -> Oklch:
    """A second colour for a brand that named one only: a third of the way round, a little softer."""
    return Oklch(0.65, max(0.08, min(colour.chroma, 0.13)), (colour.hue + 120) % 360)
