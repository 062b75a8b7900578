"""The gallery in a real browser: accessible, inside the page, and working by mouse, keyboard and thumb."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from themes.gallery import SAMPLES

pytestmark = pytest.mark.journey
AXE = (Path(__file__).parents[2] / "themes" / "static" / "vendor" / "test" / "axe.min.js").read_text
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Open = Callable[..., Page]


def violations(page: Page) -> list[str]:
    """What axe finds, as one line per rule."""
    page.evaluate(AXE())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes'][:3]]}" for one in found]


# Every page in both themes and at both widths; all four combinations for the components themselves.
VIEWS = [(sample, *view) for sample in SAMPLES for view in (("light", 1280), ("dark", 390))]
VIEWS += [("index", "dark", 1280), ("index", "light", 390)]


@pytest.mark.parametrize(("sample", "theme", "width"), VIEWS)
def test_every_page_is_accessible_and_fits(open_gallery: Open, sample: str, theme: str, width: int) -> None:
    page = open_gallery(sample, theme, width)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("brand", ["school", "yellow"])
def test_any_brand_is_accessible(open_gallery: Open, brand: str, theme: str) -> None:
    page = open_gallery("index", theme, brand=brand)

    assert violations(page) == []


def test_dialog_opens_by_button_and_gives_the_focus_back(open_gallery: Open) -> None:
    page = open_gallery()
    dialog = page.get_by_role("dialog", name="Cancel this appointment?")
    expect(dialog).to_be_hidden()

    page.get_by_role("button", name="Open a dialog").click()
    expect(dialog).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Open a dialog")).to_be_focused()


def test_dialog_closes_by_its_buttons_and_by_the_backdrop(open_gallery: Open) -> None:
    page = open_gallery()
    dialog = page.get_by_role("dialog", name="Cancel this appointment?")
    page.get_by_role("button", name="Open a dialog").click()
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()

    page.get_by_role("button", name="Open a dialog").click()
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()


def test_menu_works_by_keyboard(open_gallery: Open) -> None:
    page = open_gallery()
    button = page.get_by_role("button", name="More actions")
    button.focus()

    page.keyboard.press("ArrowDown")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("link", name="Reschedule")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Repeat")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("#sample-menu").get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator("#sample-menu")).to_be_hidden()
    expect(button).to_be_focused()


def test_menu_opens_inside_the_window(open_gallery: Open) -> None:
    page = open_gallery(width=390)

    page.get_by_role("button", name="Your menu: Nora Winter").click()

    box = page.locator("#user-menu").bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_the_chosen_theme_stays(open_gallery: Open) -> None:
    page = open_gallery(theme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)

    page.get_by_role("group", name="Appearance").first.get_by_role("button", name="Dark").click()
    dark = page.evaluate(ground)
    page.reload()

    assert light != dark
    assert page.evaluate(ground) == dark
    page.get_by_role("group", name="Appearance").first.get_by_role("button", name="As the device").click()
    assert page.evaluate(ground) == light


def test_navigation_is_a_drawer_on_a_phone_and_stays_on_a_desktop(open_gallery: Open) -> None:
    phone = open_gallery(width=390)
    main = phone.get_by_role("navigation", name="Main")
    expect(main).to_be_hidden()
    phone.get_by_role("button", name="Menu", exact=True).click()
    expect(main).to_be_visible()
    assert violations(phone) == []
    phone.keyboard.press("Escape")
    expect(main).to_be_hidden()

    expect(open_gallery(width=1280).get_by_role("navigation", name="Main")).to_be_visible()


def test_pages_and_their_navigation_work_without_scripts(open_gallery: Open) -> None:
    page = open_gallery(width=390, java_script_enabled=False)

    page.get_by_role("button", name="Menu", exact=True).click()
    page.locator("#navigation").get_by_role("link", name="Dashboard").click()

    expect(page.get_by_role("heading", name="Good morning, Nora")).to_be_visible()


def test_toast_is_dismissed_and_a_new_one_can_be_shown(open_gallery: Open) -> None:
    page = open_gallery()
    errors = page.locator("toast-message.toast--danger")  # the others leave by themselves
    shown = errors.count()
    errors.first.get_by_role("button", name="Dismiss").click()
    expect(errors).to_have_count(shown - 1)

    page.evaluate("document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Sent.', tone: 'success'}}))")
    expect(page.locator("#toasts")).to_contain_text("Sent.")


def test_a_relative_time_says_how_far_away_it_is(open_gallery: Open) -> None:
    page = open_gallery()

    expect(page.locator("local-time").first).to_have_text("in 2 hours")


def test_leaving_a_changed_form_asks_first(open_gallery: Open) -> None:
    page = open_gallery()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == []

    page.locator("#id_ok-name").fill("Mila")
    page.reload()

    assert asked == ["beforeunload"]


def test_fonts_and_icons_come_from_the_pages_own_host(open_gallery: Open) -> None:
    page = open_gallery()
    page.evaluate("document.fonts.ready")

    hosts = page.evaluate("performance.getEntriesByType('resource').map(entry => new URL(entry.name).host)")
    assert set(hosts) == {page.evaluate("location.host")}
    assert page.evaluate("document.fonts.check('600 16px Figtree')")
    assert page.evaluate("document.querySelector('.nav .icon').getBBox().width") > 0


def test_chosen_rows_are_added_up_without_a_reload(open_gallery: Open) -> None:
    page = open_gallery()
    form = page.locator("selection-total")
    all_of_them = form.get_by_role("checkbox", name="Choose all")
    expect(form.get_by_role("status")).to_have_text("0 chosen: €0.00")

    form.get_by_role("checkbox", name="Mila").press("Space")
    expect(form.get_by_role("status")).to_have_text("1 chosen: €42.00")
    assert all_of_them.evaluate("box => box.indeterminate")

    all_of_them.check()
    expect(form.get_by_role("status")).to_have_text("2 chosen: €77.50")
    all_of_them.uncheck()
    expect(form.get_by_role("status")).to_have_text("0 chosen: €0.00")


def test_no_sum_is_promised_without_scripts(open_gallery: Open) -> None:
    form = open_gallery(java_script_enabled=False).locator("selection-total")

    expect(form.get_by_role("checkbox")).to_have_count(2)
    expect(form.get_by_role("status")).to_have_count(0)
