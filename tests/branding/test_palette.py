"""The palette: the worked table of docs/rules/palette.md, and that no colour on earth breaks it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from branding.rules.contrast import contrast
from branding.rules.palette import REQUIREMENTS, BrandFacts, derive_palette, failures
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(("primary", "action", "on_action", "ratio", "link", "link_dark", "edge"), rows("palette"))
def test_palette_of_the_worked_table(
    primary: str, action: str, on_action: str, ratio: str, link: str, link_dark: str, edge: str
) -> None:
    found = derive_palette(BrandFacts(primary)).colours

    assert (found["action"], found["on-action"], found["edge"]) == (action, on_action, edge)
    assert f"{contrast(found['action'], found['on-action']):.2f}" == ratio
    assert (found["text"], found["text-dark"]) == (link, link_dark)


@settings(max_examples=150, deadline=None)
@given(
    colours,
    st.none() | colours,
    st.sampled_from(["brand", "cool", "plain", "warm"]),
)
def test_any_colour_gives_a_readable_palette(primary: str, accent: str | None, neutral: str) -> None:
    palette = derive_palette(BrandFacts(primary, accent=accent, neutral=neutral))  # type: ignore[arg-type]

    assert failures(palette.colours) == []


@pytest.mark.parametrize("primary", [f"#{r}{g}{b}" for r in "07f" for g in "07f" for b in "07f"])
def test_corners_of_the_colour_cube_give_a_readable_palette(primary: str) -> None:
    assert failures(derive_palette(BrandFacts(primary)).colours) == []


@pytest.mark.parametrize("neutral", ["brand", "cool", "plain", "warm"])
@pytest.mark.parametrize("colour", ["#fff6a3", "#ffffff", "#000000", "#777777", "#ff0000", "#00ff00"])
def test_colours_that_are_all_the_same_give_a_readable_palette(colour: str, neutral: str) -> None:
    facts = BrandFacts(colour, accent=colour, neutral=neutral)  # type: ignore[arg-type]

    assert failures(derive_palette(facts).colours) == []


def test_a_readable_colour_is_used_as_it_was_given() -> None:
    palette = derive_palette(BrandFacts("#1D4ED8"))

    assert palette.colours["action"] == "#1d4ed8"
    assert not [one for one in palette.adjustments if one.token == "action"]


def test_an_adjustment_says_what_was_changed_and_why() -> None:
    [one] = [one for one in derive_palette(BrandFacts("#3b82f6")).adjustments if one.token == "action"]

    assert (one.wanted, one.used, one.needed) == ("#3b82f6", "#2b71e4", 4.5)
    assert one.ratio == pytest.approx(3.68, abs=0.01)
    assert one.reason == "White text on a button in #3b82f6 could not be read, so the button is #2b71e4."


def test_adjustments_name_the_theme_and_say_each_thing_once() -> None:
    sentences = [one.reason for one in derive_palette(BrandFacts("#0f766e")).adjustments]

    assert len(sentences) == 2
    assert sentences[0].startswith("In the dark theme marks and edges in #0f766e could not be told from the page")
    assert sentences[1].startswith("In the dark theme links in #0f766e could not be read")


def test_a_bright_colour_keeps_its_ground_and_gets_an_edge() -> None:
    found = derive_palette(BrandFacts("#ffd400")).colours

    assert found["action"] == "#ffd400"
    assert found["edge"] != found["action"]


def test_an_accent_that_was_named_is_used() -> None:
    named = derive_palette(BrandFacts("#2f6f5e", accent="#b4232a")).colours

    assert named["accent"] == "#b4232a"
    assert named["accent"] != derive_palette(BrandFacts("#2f6f5e")).colours["accent"]


def test_greys_of_a_grey_brand_have_no_tint() -> None:
    found = derive_palette(BrandFacts("#555555")).colours

    assert all(value[1:3] == value[3:5] == value[5:7] for key, value in found.items() if key.startswith("neutral"))


def test_failures_name_the_pair_that_is_too_weak() -> None:
    colours = dict(derive_palette(BrandFacts("#2f6f5e")).colours) | {"on-action": "#2f6f5e"}

    assert failures(colours)[0] == "on-action on action is 1.00, needed 4.5"


def test_every_requirement_names_colours_that_exist() -> None:
    known = derive_palette(BrandFacts("#2f6f5e")).colours

    assert {name for front, back, _ in REQUIREMENTS for name in (front, back)} <= set(known)


@pytest.mark.parametrize("wrong", ["teal", "", "#12"])
def test_a_colour_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        derive_palette(BrandFacts(wrong))
    with pytest.raises(ValueError, match="is not a colour"):
        derive_palette(BrandFacts("#2f6f5e", accent=wrong or "x"))
