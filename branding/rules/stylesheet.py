"""The text of an organization's brand.css: primitives only.

The pages' own stylesheets turn primitives into meanings and meanings into components, so that this file can stay small,
can never restyle a page, and needs no other host. Nothing in it is copied from what a person typed, except font names
from a closed list.
docs/rules/stylesheet.md has a worked table.
"""

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
# Own uploads are declared by the brand's @font-face under these names.
UPLOADED = ("Own heading font", "Own body font")


def brand_stylesheet(facts: BrandFacts) -> str:
    """One rule on :root with every primitive. ValueError for an unknown font, radius or colour."""
    colours = derive_palette(facts).colours
    lines = [f"  --brand-{name.removeprefix('brand-')}: {value};" for name, value in colours.items()]
    lines += [
        f"  --brand-font-heading: {font_stack(facts.heading_font)};",
        f"  --brand-font-body: {font_stack(facts.body_font)};",
        f"  --brand-radius: {_radius(facts.radius)};",
    ]
    return ":root {\n" + "\n".join(lines) + "\n}\n"


def on_one_line(stylesheet: str) -> str:
    """The same for browsers, which read no indentation: a tenth smaller."""
    return stylesheet.replace("\n  ", "").replace("\n}", "}")


def font_stack(family: str) -> str:
    """The family with its fall-backs, as the value of `font-family`."""
    if family in UPLOADED:
        return f"'{family}', {_SANS}"
    if family not in FONTS:
        raise ValueError(f"{family!r} is not one of the fonts on offer: {', '.join(FONTS)}.")
    return f"'{family}', {FONTS[family][1]}"


def _radius(name: str) -> str:
    if name not in RADII:
        raise ValueError(f"{name!r} is not a style of corners: {', '.join(RADII)}.")
    return RADII[name]
