"""An owner changes what a mail says: variables by keyboard, preview as one types, a test to oneself, a refusal, and back.

Pictures go to var/screens/messages, on a desk and on a telephone.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import test_people as people
from .test_people import PASSWORD, link_of, picture

ADDRESS = "olive@quay.test"


@pytest.fixture
def _screens(monkeypatch):
    monkeypatch.setattr(people, "SCREENS", Path("var/screens/messages"))


def test_owner_changes_the_words_of_a_mail_and_tries_them(served, person, _screens):
    home = served.provision("quay", name="Quay Clinic", owner_email=ADDRESS)
    page = person()
    page.goto(link_of(served, ADDRESS))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page).to_have_url(f"{home}/dashboard/")

    page.goto(f"{home}/settings/messages/")
    picture(page, "list")
    page.get_by_role("searchbox").fill("password")
    expect(page.get_by_role("link", name="New password")).to_be_visible()
    expect(page.get_by_role("link", name="Reminder (Mail)", exact=True)).to_have_count(0)
    page.goto(f"{home}/settings/messages/")
    page.get_by_role("link", name="Booked (Mail)", exact=True).click()
    words = page.get_by_role("textbox", name="Text")
    shown = page.frame_locator("iframe[name=preview]")
    expect(shown.get_by_text("Hello Mia Example,")).to_be_visible()
    picture(page, "editor")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("iframe[name=preview]").scroll_into_view_if_needed()
    expect(shown.get_by_text("Hello Mia Example,")).to_be_in_viewport()
    page.screenshot(path=people.SCREENS / "preview-phone.png")
    page.set_viewport_size({"width": 1280, "height": 800})

    words.fill("Dear ")
    words.press("End")
    insert = page.get_by_role("button", name="Insert: Who reads it")
    insert.focus()
    insert.press("Enter")
    page.keyboard.type(", we look forward to you.")
    expect(words).to_have_value("Dear {{ name }}, we look forward to you.")
    expect(shown.get_by_text("Dear Mia Example, we look forward to you.")).to_be_visible()
    page.get_by_role("radio", name="Dark").check()
    expect(shown.locator("body")).to_have_css("background-color", re.compile(r"rgb\((\d|[12]\d), "))
    picture(page, "dark")
    page.get_by_role("radio", name="Plain text").check()
    expect(shown.locator("pre")).to_contain_text("Dear Mia Example, we look forward to you.")
    page.get_by_label("As wide as a phone").check()
    picture(page, "text")

    words.fill("Dear {{ nmae }}")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("there is no variable “nmae”")
    expect(words).to_have_value("Dear {{ nmae }}")
    picture(page, "refused")

    words.fill("Dear {{ name }}, we look forward to you.")
    page.get_by_role("button", name="Send me a test").click()
    expect(page.locator("body")).to_contain_text(f"A test is on its way to {ADDRESS}")
    expect(words).to_have_value("Dear {{ name }}, we look forward to you.")
    tried = served.mail.newest(to=ADDRESS, subject="Test: Appointment")
    assert "Dear Olive" in tried["text"] and "This is a test" in tried["text"]

    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Your own text")
    picture(page, "own")
    page.goto(f"{home}/settings/messages/?state=changed")
    expect(page.get_by_role("link", name="Booked (Mail)", exact=True)).to_be_visible()
    picture(page, "changed")
    page.goto(f"{home}/settings/messages/email/appointment_booked/")
    page.get_by_role("button", name="Back to the standard text").click()
    expect(page.locator("main")).to_contain_text("Standard text")
    page.get_by_role("button", name="Restore").first.click()
    expect(words).to_have_value("Dear {{ name }}, we look forward to you.")
    picture(page, "restored")
    page.goto(f"{home}/settings/messages/notice/live.waiting/")
    expect(shown.get_by_text("Mia Example is waiting")).to_be_visible()
    picture(page, "notice")
