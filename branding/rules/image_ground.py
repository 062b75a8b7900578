"""On which ground can a logo be seen?

A logo is drawn for one ground, mostly white paper, and the product shows it on light and on dark ones. Where the picture is transparent, the
page is its ground: a point of it is lost there when its contrast is below 3 : 1. Is more than 15 % of the picture lost on the light ground or
on the dark one, and less on the other, then it needs that other one, and is shown on a plate of it. An opaque picture brings its own ground
along and needs none.
docs/rules/image-ground.md has a worked table.
"""

from collections.abc import Iterable
from typing import Literal

from branding.rules.contrast import INTERFACE, contrast

Ground = Literal["", "light", "dark"]
# The palette's white, and the lightest of its grounds at night.
GROUNDS = {"light": "#ffffff", "dark": "#282828"}
MOST_LOST = 0.15
OPAQUE = 0.97


def ground_for(points: Iterable[tuple[str, float, int]]) -> Ground:
    """The ground that a picture needs; empty when it can be seen on both. `points`: colour as hex, opacity (0 to 1), how many such."""
    total, seen = 0, 0.0
    lost = dict.fromkeys(GROUNDS, 0.0)
    for colour, opacity, number in points:
        total, seen = total + number, seen + opacity * number
        for name, ground in GROUNDS.items():
            lost[name] += opacity * number if contrast(colour, ground) < INTERFACE else 0.0
    if seen > OPAQUE * total:  # none at all included
        return ""
    if lost["dark"] > MOST_LOST * seen and lost["light"] < lost["dark"]:
        return "light"
    if lost["light"] > MOST_LOST * seen and lost["dark"] < lost["light"]:
        return "dark"
    return ""
