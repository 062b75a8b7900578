"""The text of an organization's brand.css: primitives only.

The pages' own stylesheets turn primitives into meanings and meanings into components, so that this file can stay small,
can never restyle a page, and needs no other host. Nothing in it is copied from what a person typed, except font names
from a closed list. A font that was uploaded has a name of ours, which says what stands behind it where it is missing.
docs/rules/stylesheet.md has a worked table.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from branding.rules.own_fonts import is_own
from branding.rules.palette import RADII, BrandFacts, derive_palette
from core.kernel.translation import gettext_noop

_SANS = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
_SERIF = "ui-serif, Georgia, Cambria, 'Noto Serif', serif"
# Family → (what it is like, its fall-backs). The files come from set-up; no font host is ever asked.
FONTS: dict[str, tuple[str, str]] = {
    "Figtree": (gettext_noop("clear and friendly"), _SANS),
    "Fraunces": (gettext_noop("warm, with character; for headings"), _SERIF),
    "Inter": (gettext_noop("neutral and precise"), _SANS),
    "Nunito": (gettext_noop("rounded and gentle"), _SANS),
    "Plus Jakarta Sans": (gettext_noop("modern and geometric"), _SANS),
    "Source Serif 4": (gettext_noop("calm and bookish"), _SERIF),
}
# As mail has them, where no font of ours is loaded.
_MAIL_SANS = "-apple-system, Segoe UI, Helvetica, Arial, sans-serif"
_MAIL_SERIF = "Georgia, Cambria, Times New Roman, serif"


# Where there is something behind them, people's pictures leave more of it free, and those without a camera let it through.
_ROOM_AROUND_PICTURES = ("  --brand-call-gap: 1rem;", "  --brand-call-tile: rgb(0 0 0 / 45%);")


@dataclass(frozen=True, slots=True)
class FontFace:
    """One file of an uploaded font."""

    family: str
    style: str  # normal, italic
    weight: str  # 400, or 100 900
    path: str


@dataclass(frozen=True, slots=True)
class Background:
    """A picture behind a part of the live room, `waiting` or `call`, with how many percent of black over it; or a colour."""

    name: str
    path: str = ""
    shade: int = 0
    colour: str = ""


def brand_stylesheet(facts: BrandFacts, faces: Iterable[FontFace] = (), backgrounds: Iterable[Background] = ()) -> str:
    """One rule on :root with every primitive, and where uploaded fonts and backgrounds are.

    ValueError for an unknown font, radius or colour.
    """
    colours = derive_palette(facts).colours
    lines = [f"  --brand-{name.removeprefix('brand-')}: {value};" for name, value in colours.items()]
    lines += [
        f"  --brand-font-heading: {font_stack(facts.heading_font)};",
        f"  --brand-font-body: {font_stack(facts.body_font)};",
        f"  --brand-radius: {_radius(facts.radius)};",
    ]
    for each in backgrounds:
        over = each.colour or f"rgb(0 0 0 / {each.shade}%)"
        picture = f", url({each.path})" if each.path else ""
        lines += [
            f"  --brand-{each.name}-picture: linear-gradient({over}, {over}){picture};",
            f"  --brand-{each.name}-quiet: var(--brand-neutral-100);",
            *(_ROOM_AROUND_PICTURES if each.name == "call" else ()),
        ]
    return ":root {\n" + "\n".join(lines) + "\n}\n" + font_faces(faces)


def font_faces(faces: Iterable[FontFace]) -> str:
    """Where the files are; the text can be read before they have come."""
    return "".join(
        f"@font-face {{ font-family: '{face.family}'; font-style: {face.style}; font-weight: {face.weight}; font-display: swap; "
        f"src: url({face.path}) format('woff2'); }}\n"
        for face in faces
    )


def font_samples(families: Iterable[str]) -> str:
    """What lets the name of a family be written in it, where people choose one."""
    return "".join(
        f".font-sample[data-font='{family}'] {{ font-family: {font_stack(family)}; }}\n" for family in families
    )


def mail_font(family: str) -> str:
    """What mail is written in: of the kind of the family, and there already where it is read."""
    return _MAIL_SERIF if font_stack(family).endswith(_SERIF) else _MAIL_SANS


def on_one_line(stylesheet: str) -> str:
    """The same for browsers, which read no space around marks: an eighth smaller."""
    return re.sub(r"\s*([:;,{}])\s*", r"\1", stylesheet).replace(";}", "}")


def font_stack(family: str) -> str:
    """The family with its fall-backs, as the value of `font-family`."""
    if is_own(family):
        return f"'{family}', {_SERIF if family.startswith('own-serif') else _SANS}"
    if family not in FONTS:
        raise ValueError(f"{family!r} is not one of the fonts on offer: {', '.join(FONTS)}.")
    return f"'{family}', {FONTS[family][1]}"


def _radius(name: str) -> str:
    if name not in RADII:
        raise ValueError(f"{name!r} is not a style of corners: {', '.join(RADII)}.")
    return RADII[name]
