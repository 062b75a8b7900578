"""How dark a picture must be behind text: the worked table of docs/rules/picture-shade.md."""

import re

import pytest

from branding.rules.contrast import luminance
from branding.rules.palette import BrandFacts, derive_palette
from branding.rules.picture_shade import INK, shade_for
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("picture", "black"), rows("picture-shade"))
def test_shade_of_the_worked_table(picture: str, black: str) -> None:
    points = [(colour, 1.0, int(share)) for colour, share in re.findall(r"(#\w{6})` (\d+) %", f"`{picture}")]

    assert f"{shade_for(points)} %" == black


@pytest.mark.parametrize("neutral", ["brand", "cool", "plain", "warm"])
@pytest.mark.parametrize("primary", ["#ffffff", "#000000", "#ff0000", "#ffff00", "#0000ff"])
def test_light_text_of_every_palette_is_lighter_than_what_is_counted_with(primary: str, neutral: str) -> None:
    colours = derive_palette(BrandFacts(primary, neutral=neutral)).colours

    assert luminance(colours["neutral-100"]) >= luminance(INK)
