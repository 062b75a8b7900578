"""The console in a real Chromium: first sign-in with enrolment, provisioning, suspending; pictures go to var/screens."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect, sync_playwright

from core.kernel import clock
from tenants import context, outbox_delivery
from tenants.operators import one_time_codes
from tenants.operators.models import Operator
from tests.factories.operators import PASSWORD

SCREENS = Path("var/screens/operator")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.test 127.0.0.1", "--no-first-run"]
pytestmark = pytest.mark.journey


def _is_trouble(message: Any) -> bool:
    """An error on the console, but not a refused form or a missing icon: their status is the point of the step."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


@pytest.fixture
def page(served, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # because playwright's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        opened = browser.new_page(viewport={"width": 1280, "height": 800})
        opened.said = []
        opened.on("console", lambda message: opened.said.append(message.text) if _is_trouble(message) else None)
        yield opened
        browser.close()


def picture(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=SCREENS / f"{name}-phone.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_operator_enrols_provisions_and_suspends(page, served):
    with context.public_context():
        Operator.objects.create(
            email="opal@vendor.test", name="Opal Vance", password=make_password(PASSWORD), created_at=clock.now()
        )
    page.goto(served("console.test"))
    picture(page, "sign-in")
    page.get_by_label("E-mail address").fill("opal@vendor.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()

    secret = page.locator(".enrolment__secret code").inner_text().replace(" ", "")
    picture(page, "enrolment")
    page.get_by_label("Six-digit code").fill(one_time_codes.current_code(secret, time.time()))
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".codes li")).to_have_count(10)
    picture(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Organizations")).to_be_visible()

    page.get_by_role("link", name="Provision").first.click()
    page.get_by_label("Name", exact=True).fill("River Clinic")
    page.get_by_label("Host").fill("north.test")
    page.get_by_label("Owner's name").fill("Rita River")
    page.get_by_label("Owner's e-mail address").fill("rita@river.test")
    page.locator(".blueprint", has_text="School").click()
    page.get_by_role("button", name="Provision").click()
    expect(page.locator(".field__error")).to_contain_text("belongs to another organization")
    picture(page, "provision-refused")
    page.get_by_label("Host").fill("river.test")
    page.get_by_role("button", name="Provision").click()

    expect(page.locator(".steps__step--done").first).to_be_visible()
    picture(page, "arriving")
    outbox_delivery.deliver_all()
    expect(page.get_by_role("link", name="Open its home page")).to_be_visible(timeout=10_000)
    picture(page, "arrived")

    page.get_by_role("link", name="Details").click()
    picture(page, "organization")
    page.get_by_role("link", name="Suspend").click()
    page.get_by_label("Reason").fill("Invoice unpaid for 60 days")
    picture(page, "suspension")
    page.get_by_role("button", name="Suspend now").click()
    expect(page.get_by_text("Suspended. Its people see a neutral page")).to_be_visible()
    picture(page, "suspended")
    page.goto(served("console.test") + "/organizations/")
    picture(page, "organizations")
    page.goto(served("console.test") + "/history/")
    picture(page, "history")
    assert page.said == []
