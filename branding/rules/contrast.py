"""How readable is one colour on another?

Two colours are compared by their relative luminance; the ratio runs from 1 (the same) to 21 (black on white). Text
needs 4.5, the edge of a field or an icon that carries meaning needs 3. Where a colour misses the mark, it is made
darker or lighter, its hue kept, and only as far as needed.
docs/rules/contrast.md has a worked table.

Sources: WCAG 2.2 success criteria 1.4.3 and 1.4.11; luminance as defined there; OKLCH after B. Ottosson (2020).
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TEXT = 4.5
INTERFACE = 3.0
_STEP = 0.004


@dataclass(frozen=True, slots=True)
class Oklch:
    """A colour as lightness (0 to 1), chroma (0 = grey; vivid is about 0.25) and hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    def at(self, lightness: float) -> "Oklch":
        """The same colour, lighter or darker."""
        return Oklch(lightness, self.chroma, self.hue)


def parse_hex(text: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of `#rgb` or `#rrggbb`; ValueError says what was wrong."""
    digits = text.strip().removeprefix("#")
    if re.fullmatch(r"[0-9a-fA-F]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
        raise ValueError(f"{text!r} is not a colour: write it as # and six digits, for example #2f6f5e.")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in parse_hex(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two hex colours, 1 to 21; the order does not matter."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def to_oklch(colour: str) -> Oklch:
    """A hex colour by lightness, chroma and hue."""
    red, green, blue = (_linear(channel / 255) for channel in parse_hex(colour))
    l_ = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    m_ = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    s_ = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * l_ + 0.7936177850 * m_ - 0.0040720468 * s_
    a = 1.9779984951 * l_ - 2.4285922050 * m_ + 0.4505937099 * s_
    b = 0.0259040371 * l_ + 0.7827717662 * m_ - 0.8086757660 * s_
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def to_hex(colour: Oklch) -> str:
    """The nearest colour that a screen shows: hue and lightness kept, chroma lowered until it fits sRGB."""
    lightness = min(1.0, max(0.0, colour.lightness))
    low, high = 0.0, max(0.0, colour.chroma)
    if _fits(_srgb(lightness, high, colour.hue)):
        low = high
    for _ in range(18):
        middle = (low + high) / 2
        low, high = (middle, high) if _fits(_srgb(lightness, middle, colour.hue)) else (low, middle)
    return "#" + "".join(f"{round(255 * _gamma(c)):02x}" for c in _srgb(lightness, low, colour.hue))


def nearest(wanted: Oklch, good: Callable[[str], bool]) -> str | None:
    """The hex colour nearest to `wanted` in lightness for which `good` holds; None when no lightness does."""
    return next((shade for shade in _shades(wanted) if good(shade)), None)


def _shades(wanted: Oklch) -> Iterator[str]:
    """The wanted colour first, then ever further darker and lighter ones."""
    yield to_hex(wanted)
    for number in range(1, int(1 / _STEP) + 1):
        for lightness in (wanted.lightness - number * _STEP, wanted.lightness + number * _STEP):
            if -_STEP < lightness < 1 + _STEP:
                yield to_hex(wanted.at(lightness))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _srgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear red, green, blue; outside 0 to 1 when no screen shows the colour."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _fits(channels: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in channels)
