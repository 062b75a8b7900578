"""Pictures drawn from the brand's facts where nothing was uploaded: a monogram as icon and logo, in SVG without metadata."""

from html import escape

from branding.models import Look
from branding.rules.palette import Palette
from core.kernel.letters import first_letter, first_letters

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="{label}">'
    '<rect width="64" height="64" rx="{radius}" fill="{fill}"/>'
    '<text x="32" y="33" font-family="ui-sans-serif, system-ui, sans-serif" font-size="{size}" font-weight="700" fill="{ink}" '
    'text-anchor="middle" dominant-baseline="central">{letters}</text></svg>'
)
SHORT = 12
_RADII = {"sharp": 6, "soft": 14, "round": 22}


def icon_svg(brand: Look, palette: Palette) -> str:
    """The organization's initials on its colour, 64 by 64."""
    letters = initials(brand.name)
    return _ICON.format(
        label=escape(brand.name, quote=True), radius=_RADII.get(brand.radius, 14), fill=palette.colours["action"],
        ink=palette.colours["on-action"], size=34 if len(letters) == 1 else 27, letters=escape(letters),
    )  # fmt: skip


def initials(name: str) -> str:
    """The first letters of the first two words that begin with a letter or digit."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(first_letter(word) for word in words[:2]) or "·"


def short_name(name: str) -> str:
    """As much of the name as stands below an icon: whole words, at most twelve letters; the first letters of one that is longer."""
    fitting = ""
    for word in name.split():
        longer = f"{fitting} {word}".strip()
        if len(longer) > SHORT:
            break
        fitting = longer
    while fitting and not any(letter.isalnum() for letter in fitting.split()[-1]):  # “North &” is half a name
        fitting = " ".join(fitting.split()[:-1])
    return fitting or first_letters(name, SHORT)
