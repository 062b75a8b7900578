"""A device loses its connection: the organization's own page about that, in the reader's language, and what was wanted once it is back."""

import re

from playwright.sync_api import expect

KEPT = "async () => { for (const name of await caches.keys()) { const kept = await (await caches.open(name)).keys(); return kept.length } }"


def test_device_without_a_connection_shows_the_organizations_page_and_comes_back(served, person):
    home = served.provision("brook", name="Brook Clinic", owner_email="olive@brook.test")
    page = person(f"{home}/account/login/")
    page.wait_for_function("async () => Boolean((await navigator.serviceWorker.ready).active)")
    page.wait_for_function(KEPT.replace("return kept.length", "return kept.length === 2"))

    page.context.set_offline(True)
    page.goto(f"{home}/calendar/")
    expect(page).to_have_title("No connection · Brook Clinic")
    expect(page.get_by_text("This device has no connection to the internet")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=f"var/screens/offline-{width}.png")

    page.context.set_offline(False)
    expect(page).to_have_url(re.compile(r"/account/login/\?next=/calendar/"), timeout=20_000)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
