"""How dark must a picture be behind text?

Behind the waiting room and behind people's pictures there is light text on whatever the organization has chosen. So much black is laid over the
picture that light text has a contrast of 4.5 : 1 on all but the brightest 2 % of it: no more than needed, in steps of 5 %, and 90 % at most,
which is enough for white. What is transparent counts as the dark page behind it. A plain colour instead of a picture is darkened likewise.
docs/rules/picture-shade.md has a worked table.
"""

from collections.abc import Iterable

from branding.rules.contrast import TEXT, contrast, parse_hex

INK = "#e9ebee"  # the palette's light text at its least light
BRIGHTEST = 0.02
_STEP, _MOST = 5, 90


def shade_for(points: Iterable[tuple[str, float, int]]) -> int:
    """How many percent of black: 0 for a picture that is dark enough. `points`: colour as hex, opacity (0 to 1), how many such."""
    seen = [(_on_black(colour, opacity), number) for colour, opacity, number in points]
    total = sum(number for _, number in seen)
    for shade in range(0, _MOST, _STEP):
        bright = sum(number for colour, number in seen if contrast(INK, _on_black(colour, 1 - shade / 100)) < TEXT)
        if bright <= BRIGHTEST * total:
            return shade
    return _MOST


def plain_ground(colour: str) -> str:
    """A colour, as hex, as dark as it must be behind light text."""
    return _on_black(colour, 1 - shade_for([(colour, 1.0, 1)]) / 100)


def _on_black(colour: str, opacity: float) -> str:
    return "#" + "".join(f"{round(channel * opacity):02x}" for channel in parse_hex(colour))
