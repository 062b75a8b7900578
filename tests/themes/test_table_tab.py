"""Cards and dice in the work area, in a real Chromium: what the server says is drawn, moves are asked of it, by mouse and by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories.files import jpeg
from tests.themes.live_page import PHONE
from tests.themes.rooms import Enter
from tests.themes.rooms import enter as enter
from tests.themes.rooms import url as url
from tests.themes.tables import PlayedTable

pytestmark = pytest.mark.journey
AXE = (Path(__file__).parents[2] / "themes" / "static" / "vendor" / "test" / "axe.min.js").read_text
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


def at_table(
    enter: Enter, game: str = "deck", *, host: bool = False, pictures: bool = False, **how: object
) -> tuple[PlayedTable, Page]:
    picture = jpeg(exif=False)
    server = enter(
        host=host, routes={"**/shown/**": lambda route: route.fulfill(body=picture, content_type="image/jpeg")}, **how
    )
    table = PlayedTable(server, game, pictures=pictures)
    table.tell()
    expect(server.page.locator(".play")).to_be_visible()
    return table, server.page


def test_guest_sees_what_the_host_turns_and_turns_nothing(enter: Enter) -> None:
    table, page = at_table(enter)
    face = page.locator(".deck__face")
    expect(face).to_have_text("sun")
    for name in ("Turn the card", "Next card", "Previous card"):
        expect(page.get_by_role("button", name=name)).to_be_disabled()
    for name in ("Shuffle", "Right", "Memory", "Begin anew"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_hidden()
    table.play("turn", True, leads=True)
    expect(face).to_have_text("Sonne")
    table.play("open", True, leads=True)
    page.get_by_role("button", name="Next card").click()
    expect(face).to_have_text("sea")
    expect(page.get_by_text("2 / 9")).to_be_visible()
    expect(page.locator('.play [role="status"]')).to_have_text("sea")


def test_host_leads_by_keyboard_and_notes_what_was_right(enter: Enter) -> None:
    table, page = at_table(enter, host=True, pictures=True)
    expect(page.locator(".deck__face img")).to_have_attribute("src", re.compile("/shown/words/cards/.*/front/picture/"))
    page.get_by_role("button", name="Turn the card").focus()
    page.keyboard.press("Space")
    expect(page.locator(".deck__face")).to_have_text("Sonne")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".deck__face")).to_have_text("sea")
    page.get_by_role("button", name="Right", exact=True).click()
    expect(page.get_by_text("1 of 1 right")).to_be_visible()
    page.get_by_role("button", name="Next card").click()
    page.get_by_role("button", name="Not yet").click()
    expect(page.get_by_text("1 of 2 right")).to_be_visible()
    page.get_by_role("button", name="Not yet").click()  # again takes it back
    expect(page.get_by_text("1 of 1 right")).to_be_visible()
    page.get_by_label("Everybody may play").check()
    expect(page.get_by_label("Everybody may play")).to_be_checked()
    assert table.table.open_to_all
    page.get_by_label("Timer").select_option("60")
    expect(page.get_by_role("timer")).to_have_text(re.compile("1:00|0:59"))
    page.get_by_label("Back first").check()
    expect(page.locator(".deck__face")).to_have_text("Sand")


def test_memory_in_turns(enter: Enter) -> None:
    table, page = at_table(enter)
    table.play("new", {"game": "memory", "pairs": 4}, leads=True)
    tiles = page.locator(".memory__tile")
    expect(tiles).to_have_count(8)
    expect(tiles.first).to_be_disabled()
    expect(page.locator(".play__player[data-turn]")).to_contain_text("Tess")
    table.play("pass", by="tess", leads=True)
    expect(page.locator('.play [role="status"]')).to_have_text("It is your turn.")
    expect(page.locator(".play__player[data-turn]")).to_contain_text("You")
    placed = table.table.play.tiles  # type: ignore[union-attr]
    twin = placed.index(placed[0], 1)
    tiles.nth(0).click()
    expect(tiles.nth(0)).to_have_attribute("data-up", "")
    expect(tiles.nth(0)).to_be_disabled()
    tiles.nth(twin).click()
    expect(tiles.nth(twin)).to_have_attribute("data-found", "")
    expect(page.locator(".play__player", has_text="You")).to_contain_text("1")
    wrong = [place for place in range(8) if place not in (0, twin)]
    other = next(place for place in wrong[1:] if placed[place] != placed[wrong[0]])
    tiles.nth(wrong[0]).click()
    tiles.nth(other).click()
    expect(tiles.nth(other)).to_have_attribute("data-missed", "")
    expect(page.locator('.play [role="status"]')).to_have_text("It is Tess Moreau’s turn.")
    expect(tiles.nth(other)).to_be_disabled()


def test_matching_by_pressing_a_front_and_a_back(enter: Enter) -> None:
    table, page = at_table(enter, "matching")
    front, wrong = table.table.play.fronts[:2]  # type: ignore[union-attr]
    fronts, backs = page.get_by_role("group", name="Fronts"), page.get_by_role("group", name="Backs")
    fronts.locator(f'[data-card="{front}"]').click()
    expect(fronts.locator(f'[data-card="{front}"]')).to_have_attribute("aria-pressed", "true")
    backs.locator(f'[data-card="{wrong}"]').click()
    expect(backs.locator(f'[data-card="{wrong}"]')).to_have_attribute("data-wrong", "")
    fronts.locator(f'[data-card="{front}"]').click()
    backs.locator(f'[data-card="{front}"]').click()
    expect(backs.locator(f'[data-card="{front}"]')).to_be_disabled()
    expect(page.locator(".matching__said")).to_have_text("1 of 8 found, 2 tries")


def test_spinner_and_dice(enter: Enter) -> None:
    table, page = at_table(enter, "spinner", host=True)
    expect(page.locator(".wheel__part")).to_have_count(9)
    page.get_by_role("button", name="Spin", exact=True).click()
    result = table.table.play.result  # type: ignore[union-attr]
    expect(page.locator(".spinner__result")).to_have_text(table.cards[result].front_text)
    page.get_by_role("button", name="Take this off").click()
    expect(page.locator(".wheel__part")).to_have_count(8)
    page.get_by_role("button", name="All again").click()
    expect(page.locator(".wheel__part")).to_have_count(9)

    dice, page = at_table(enter, "dice", host=True)
    page.locator('[name="number"]').select_option("2")
    page.get_by_role("button", name="Throw").click()
    expect(page.locator(".die--pips")).to_have_count(2)
    total = sum(dice.table.play.thrown)  # type: ignore[union-attr]
    expect(page.locator(".dice__sum")).to_have_text(f"Together: {total}")
    expect(page.get_by_role("heading", name="Dice")).to_be_visible()


@pytest.mark.parametrize("game", ["deck", "memory", "matching", "spinner", "dice"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_game_can_be_used_by_everybody(enter: Enter, game: str, theme: str) -> None:
    for viewport in (None, PHONE):
        _, page = at_table(enter, game, host=True, viewport=viewport, theme=theme)
        page.evaluate(AXE())
        found = page.evaluate(
            "rules => axe.run('.play', { runOnly: { type: 'tag', values: rules } }).then(found => found.violations"
            ".map(one => one.id + ': ' + one.nodes[0].html))",
            RULES,
        )
        assert found == []
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
