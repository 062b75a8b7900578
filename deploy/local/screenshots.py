"""`make screenshots`: the README's pictures, taken from the running demo in a real Chromium."""

import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from deploy.local import browser as chromium
from tenants.operators.one_time_codes import current_code

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
WIDE, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@dataclass(frozen=True, slots=True)
class Picture:
    """Who looks at which page of which organization, on which screen."""

    name: str
    organization: str
    role: str
    path: str
    phone: bool = False


PICTURES = (
    Picture("calendar", "harbour", "practitioner", "/calendar/"),
    Picture("guardian-phone", "harbour", "guardian", "/dashboard/", phone=True),
    Picture("invoice", "harbour", "owner", "/billing/invoices/{invoice}/"),
    Picture("brand", "cadenza", "owner", "/settings/"),
)


def main() -> None:
    facts = json.loads((ROOT / "var" / "demo.json").read_text())
    IMAGES.mkdir(parents=True, exist_ok=True)
    wanted = set(sys.argv[1:])
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium.find() or chromium.fetch()), args=ARGUMENTS)
        steps: dict[str, Callable[[], None]] = {"two-brands": partial(two_brands, running, facts)}
        steps |= {"operator": partial(operator, running, facts), "live": partial(live, running, facts)}
        steps |= {picture.name: partial(take, running, facts, picture) for picture in PICTURES}
        for name, step in steps.items():
            if not wanted or name in wanted:
                step()
                print(f"docs/images/{name}.png")
        running.close()


def take(running: Browser, facts: dict[str, Any], picture: Picture) -> None:
    """One page as one person sees it."""
    organization = next(found for found in facts["organizations"] if found["slug"] == picture.organization)
    user = next(found for found in organization["users"] if found["role"] == picture.role)
    context = running.new_context(viewport=PHONE if picture.phone else WIDE, timezone_id=user["time_zone"])
    page = context.new_page()
    sign_in(page, organization["url"], user)
    page.goto(organization["url"].rstrip("/") + picture.path.format(**organization["objects"]))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{picture.name}.png")
    context.close()


def operator(running: Browser, facts: dict[str, Any]) -> None:
    """The console, behind its second factor."""
    console, user = facts["operator"], facts["operator"]["users"][0]
    page = running.new_context(viewport=WIDE).new_page()
    page.goto(console["url"])
    page.fill("input[name=email]", user["email"])
    page.fill("input[name=password]", user["password"])
    page.locator("input[name=password]").press("Enter")
    page.fill("input[name=code]", current_code(user["totp_secret"], time.time()))
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url("**/organizations/**")
    page.screenshot(path=IMAGES / "operator.png")
    page.context.close()


def live(running: Browser, facts: dict[str, Any]) -> None:
    """A practitioner's side of a session: admit the guardian, wait until both are seen."""
    organization = facts["organizations"][0]
    room = f"{organization['url'].rstrip('/')}/live/{organization['objects']['appointment']}/"
    pages = {}
    for name in ("Tess Whelan", "Gus Marten"):
        user = next(found for found in organization["users"] if found["name"] == name)
        context = running.new_context(
            viewport=WIDE, timezone_id=user["time_zone"], permissions=["camera", "microphone"]
        )
        pages[name] = context.new_page()
        sign_in(pages[name], organization["url"], user)
    host, guest = pages.values()
    guest.goto(f"{room}#now")
    host.goto(room)
    host.click('.lobby [data-action="join"]')
    host.click('[data-action="toggle-people"]')
    host.locator('[data-live="queue-list"]').get_by_role("button", name="Admit").click()
    host.locator('#live-room[data-call="connected"]').wait_for(timeout=60_000)
    host.wait_for_timeout(4000)
    host.screenshot(path=IMAGES / "live.png")
    for page in pages.values():
        page.context.close()


def two_brands(running: Browser, facts: dict[str, Any]) -> None:
    """Both front pages beside each other."""
    context = running.new_context(viewport={"width": 1600, "height": 640})
    page = context.new_page()
    shots = []
    for organization in facts["organizations"]:
        page.set_viewport_size({"width": 800, "height": 640})
        page.goto(organization["url"])
        page.wait_for_load_state("networkidle")
        shots.append(page.screenshot())
    IMAGES.joinpath("two-brands.png").write_bytes(_beside(shots))
    context.close()


def sign_in(page: Page, url: str, user: dict[str, str]) -> None:
    """Through the organization's own sign-in page."""
    page.goto(url.rstrip("/") + "/account/login/")
    page.fill("input[name=login]", user["email"])
    page.fill("input[name=password]", user["password"])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/dashboard/**")


def _beside(shots: list[bytes]) -> bytes:
    pictures = [Image.open(io.BytesIO(shot)) for shot in shots]
    joined = Image.new("RGB", (sum(picture.width for picture in pictures), pictures[0].height))
    left = 0
    for picture in pictures:
        joined.paste(picture, (left, 0))
        left += picture.width
    written = io.BytesIO()
    joined.save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main()
