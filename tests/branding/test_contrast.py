"""Contrast and colour arithmetic, against published values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branding.rules.contrast import INTERFACE, TEXT, Oklch, contrast, luminance, nearest, parse_hex, to_hex, to_oklch
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(("one", "other", "ratio", "for_text", "for_edges"), rows("contrast"))
def test_contrast_matches_published_ratios(one: str, other: str, ratio: str, for_text: str, for_edges: str) -> None:
    found = contrast(one, other)

    assert found == pytest.approx(float(ratio), abs=0.006)
    assert found == contrast(other, one)
    assert (found >= TEXT, found >= INTERFACE) == (for_text == "yes", for_edges == "yes")


def test_luminance_runs_from_black_to_white() -> None:
    assert (luminance("#000"), luminance("#fff")) == (0.0, pytest.approx(1.0))


@pytest.mark.parametrize(("text", "channels"), [("#fff", (255, 255, 255)), (" 2F6F5E ", (47, 111, 94))])
def test_parse_hex_reads_what_people_write(text: str, channels: tuple[int, int, int]) -> None:
    assert parse_hex(text) == channels


@pytest.mark.parametrize("text", ["", "#12", "#1234", "teal", "#12345g", "#1234567", "url(x)", "#fff;}"])
def test_parse_hex_refuses_anything_else(text: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        parse_hex(text)


@pytest.mark.parametrize(
    ("colour", "lightness", "chroma", "hue"),
    [("#ff0000", 0.628, 0.258, 29.2), ("#00ff00", 0.866, 0.295, 142.5), ("#0000ff", 0.452, 0.313, 264.1)],
)
def test_to_oklch_matches_published_values(colour: str, lightness: float, chroma: float, hue: float) -> None:
    found = to_oklch(colour)

    assert found.lightness == pytest.approx(lightness, abs=0.001)
    assert found.chroma == pytest.approx(chroma, abs=0.001)
    assert found.hue == pytest.approx(hue, abs=0.1)


@given(colours)
def test_a_colour_survives_the_way_there_and_back(colour: str) -> None:
    there_and_back = zip(parse_hex(to_hex(to_oklch(colour))), parse_hex(colour), strict=True)

    assert all(abs(found - given) <= 1 for found, given in there_and_back)


@given(st.floats(-0.5, 1.5), st.floats(0, 0.5), st.floats(0, 360))
def test_to_hex_always_gives_a_colour_a_screen_shows(lightness: float, chroma: float, hue: float) -> None:
    parse_hex(to_hex(Oklch(lightness, chroma, hue)))


def test_nearest_keeps_a_colour_that_is_good_already() -> None:
    assert nearest(to_oklch("#2f6f5e"), lambda shade: contrast(shade, "#ffffff") >= 4.5) == "#2f6f5e"


def test_nearest_goes_no_further_than_needed() -> None:
    found = nearest(to_oklch("#3b82f6"), lambda shade: contrast(shade, "#ffffff") >= 4.5)

    assert found is not None
    assert 4.5 <= contrast(found, "#ffffff") < 4.7


def test_nearest_says_when_no_shade_is_good() -> None:
    assert nearest(to_oklch("#3b82f6"), lambda _: False) is None
