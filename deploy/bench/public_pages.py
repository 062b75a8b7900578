"""The pages that everybody can open, in a real Chromium: what a first visit loads, and what axe finds, in every palette."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from deploy.bench.front import ROOT
from deploy.local.seed.practices import PRACTICES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from deploy.bench.results import Results
    from tests.journeys.house import House

MOST_REQUESTS, MOST_KB = 12, 150
PATHS = {"front": "/", "sign_in": "/account/login/"}
# What somebody could choose, and nobody should.
HOSTILE = {
    "equal": ("#fff6a3", "#fff6a3"),
    "glaring": ("#00ff00", "#ff00ff"),
    "white": ("#ffffff", "#fefefe"),
}
PAINT = """
from branding.actions import change_brand
from branding.models import Brand
from core.people.models import User
owner = User.objects.filter(staff_member__role="owner").first()
change_brand(Brand.objects.get(is_current=True), primary_color={0!r}, accent_color={1!r}, by=owner)
"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def palettes(house: House) -> Iterator[tuple[str, str]]:
    """Name and host: the two brands of the demo as they are, then one of them in each hostile palette."""
    for practice in PRACTICES:
        yield practice.slug, f"https://{practice.slug}.localhost"
    practice = PRACTICES[0]
    colours = house.inside(practice.slug, _COLOURS)
    try:
        for name, pair in HOSTILE.items():
            house.inside(practice.slug, PAINT.format(*pair))
            yield name, f"https://{practice.slug}.localhost"
    finally:
        house.inside(practice.slug, PAINT.format(*colours))  # type: ignore[misc]


_COLOURS = """
from branding.queries import current_brand
answer = [current_brand().primary_color, current_brand().accent_color]
"""


def measure(results: Results, house: House, chrome: Browser) -> None:
    for name, host in palettes(house):
        for page, path in PATHS.items():
            if name not in HOSTILE:
                requests, kilobytes = first_load(chrome, host + path)
                results.limit(f"{page}_{name}_requests", requests, MOST_REQUESTS, "")
                results.limit(f"{page}_{name}_kb", kilobytes, MOST_KB, "kB")
            found = [f"{theme}: {one}" for theme in ("light", "dark") for one in violations(chrome, host + path, theme)]
            results.limit(f"{page}_{name}_axe", len(found), 0, "", note="; ".join(found))


def first_load(chrome: Browser, address: str) -> tuple[int, float]:
    """Requests and kB over the wire of a first visit, with nothing in the cache, until the network is quiet."""
    page = _new_page(chrome, "light")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    asked: list[str] = []
    loaded: list[float] = []
    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    wire.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.context.close()
    return sum(not url.startswith("data:") for url in asked), sum(loaded) / 1000


def violations(chrome: Browser, address: str, theme: str) -> list[str]:
    """What axe finds, as one line per rule."""
    page = _new_page(chrome, theme)
    page.goto(address, wait_until="networkidle")
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    page.context.close()
    return [f"{one['id']} {one['nodes'][0]['target']}" for one in found]


def _new_page(chrome: Browser, theme: Any) -> Page:
    phone = {"width": 390, "height": 844}
    context = chrome.new_context(ignore_https_errors=True, locale="en-GB", color_scheme=theme, viewport=phone)  # type: ignore[arg-type]
    return context.new_page()
