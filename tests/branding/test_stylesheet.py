"""brand.css: primitives only, from closed lists, and the pages' own primitives made by the same rule."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from branding.rules.palette import BrandFacts
from branding.rules.stylesheet import FONTS, Background, brand_stylesheet, font_stack, on_one_line
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
FACTS = BrandFacts("#2f6f5e", heading_font="Fraunces", radius="round")
MOST_BYTES = 4_000
CSS = Path(__file__).parents[2] / "themes" / "static" / "css"
# The brand of a page without a brand; `primitives.css` is made from it.
NEUTRAL = BrandFacts("#3c5a99", neutral="cool")


def test_stylesheet_declares_primitives_only() -> None:
    text = brand_stylesheet(FACTS)

    assert text.startswith(":root {\n") and text.endswith("}\n")
    declarations = text.splitlines()[1:-1]
    assert all(re.fullmatch(r"  --brand-[a-z0-9-]+: [^;{}]+;", line) for line in declarations)
    assert "  --brand-action: #2f6f5e;" in declarations
    assert "  --brand-radius: 0.875rem;" in declarations
    assert [line for line in declarations if "heading" in line] == [
        f"  --brand-font-heading: 'Fraunces', {FONTS['Fraunces'][1]};"
    ]


def test_stylesheet_is_the_same_every_time() -> None:
    assert brand_stylesheet(FACTS) == brand_stylesheet(replace(FACTS))


@pytest.mark.parametrize(
    "wrong", [{"heading_font": "Comic Sans"}, {"body_font": "x'; } body { display: none"}, {"radius": "4px;}"}]
)
def test_stylesheet_refuses_what_is_not_on_the_list(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is not"):
        brand_stylesheet(replace(FACTS, **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(("family", "like", "otherwise"), rows("stylesheet", "Font"))
def test_font_on_offer_has_fall_backs(family: str, like: str, otherwise: str) -> None:
    stack = font_stack(family)

    assert FONTS[family][0] == like
    assert stack.startswith(f"'{family}', ui-{otherwise}") and stack.endswith(f", {otherwise}")


def test_fonts_on_offer_are_those_of_the_table() -> None:
    assert list(FONTS) == [family for family, _, _ in rows("stylesheet", "Font")]


def test_an_uploaded_font_has_fall_backs() -> None:
    assert font_stack("own-sans-0123456789ab").startswith("'own-sans-0123456789ab', ui-sans-serif")
    assert font_stack("own-serif-0123456789ab").startswith("'own-serif-0123456789ab', ui-serif")


@pytest.mark.parametrize(("corners", "radius"), rows("stylesheet", "Corners"))
def test_corners_have_the_radius_of_the_table(corners: str, radius: str) -> None:
    assert f"  --brand-radius: {radius};" in brand_stylesheet(replace(FACTS, radius=corners))  # type: ignore[arg-type]


def test_our_own_primitives_are_made_by_the_same_rule() -> None:
    written = (CSS / "primitives.css").read_text()

    made = brand_stylesheet(NEUTRAL).strip()
    assert [line.strip() for line in made.splitlines()] == [
        line.strip() for line in written.splitlines() if line.strip()
    ][2:-1]


def test_what_browsers_get_is_small_and_says_the_same() -> None:
    behind = [Background(name, f"/brand/picture/behind/{name}?v=0123456789abcdef", 30) for name in ("waiting", "call")]
    text = brand_stylesheet(replace(FACTS, accent="#b45309", body_font="Plus Jakarta Sans"), backgrounds=behind)

    sent = on_one_line(text)

    assert len(sent) <= MOST_BYTES
    assert re.sub(r"\s", "", sent) == re.sub(r"\s", "", text).replace(";}", "}")
    assert "rgb(0 0 0 / 30%)" in sent and "'Plus Jakarta Sans'" in sent


def test_every_primitive_that_pages_use_is_in_the_brand() -> None:
    behind = [Background(name, f"/{name}", 30) for name in ("waiting", "call")]
    made = set(re.findall(r"(--brand-[a-z0-9-]+):", brand_stylesheet(NEUTRAL, backgrounds=behind)))
    used = {
        name for sheet in CSS.rglob("*.css") for name in re.findall(r"var\((--brand-[a-z0-9-]+)", sheet.read_text())
    }

    assert used - made == set()
