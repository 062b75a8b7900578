"""The way in: an owner accepts an invitation, adds people, they accept theirs, and sign in by password and by passkey.

Pictures of every page go to var/screens/people, on a desk and on a telephone.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

SCREENS = Path("var/screens/people")
PASSWORD = "paper lantern morning"


def picture(page: Page, name: str) -> None:
    """The page at 1280 and at 390 pixels; a page wider than the telephone fails."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=SCREENS / f"{name}-phone.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert wide <= 390, f"{name} is {wide} pixels wide on a telephone"


def link_of(served, address: str) -> str:
    """The one-time link in the newest mail to `address`."""
    text = served.mail.newest(to=address)["text"]
    return re.search(r"https?://\S+/account/invitations/\S+", text).group(0)


@pytest.fixture(scope="module")
def clinic(served) -> str:
    """An organization whose owner is invited."""
    return served.provision("harbour", name="Harbour Clinic", owner_email="olive@harbour.test")


def accept(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page).to_have_url(re.compile("/dashboard/$"))


def sign_in(page: Page, host: str, address: str) -> None:
    page.goto(f"{host}/account/login/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():  # because whoever goes on at once would break the sign-in off
        page.get_by_role("button", name="Sign in", exact=True).click()


def test_owner_adds_people_and_each_comes_in(served, clinic, person):
    owner = person(time_zone="Europe/Lisbon")
    owner.goto(link_of(served, "olive@harbour.test"))
    expect(owner.get_by_role("heading", name="Welcome, Olive")).to_be_visible()
    owner.get_by_role("button", name=re.compile("Lisbon")).click()  # invited in UTC; the device knows better
    picture(owner, "invitation")
    owner.get_by_label("Password", exact=True).fill(PASSWORD)
    owner.get_by_role("button", name="Save and sign in").click()
    expect(owner).to_have_url(f"{clinic}/dashboard/")

    owner.goto(f"{clinic}/people/staff/new/")
    owner.get_by_label("Name", exact=True).fill("Tess Tutor")
    owner.get_by_label("E-mail address").fill("tess@harbour.test")
    expect(owner.get_by_label("Time zone", exact=True)).to_have_value(
        "Europe/Lisbon"
    )  # the device's, chosen beforehand
    owner.get_by_label("Type a city").fill("berl")
    expect(owner.get_by_label("Time zone", exact=True)).to_have_value("Europe/Berlin")
    picture(owner, "staff-new")
    owner.get_by_role("button", name="Invite").click()
    expect(owner.get_by_role("heading", name="Tess Tutor")).to_be_visible()
    picture(owner, "staff-member")

    owner.goto(f"{clinic}/people/clients/")
    picture(owner, "clients-empty")
    owner.goto(f"{clinic}/people/clients/new/")
    owner.get_by_label("First name").fill("Max")
    owner.get_by_label("Last name").fill("Long")
    owner.locator("#id_login-email").fill("no address")
    owner.get_by_role("button", name="Add", exact=True).click()
    expect(owner.get_by_text("Enter a valid email address").first).to_be_visible()
    picture(owner, "client-new-refused")
    owner.locator("#id_login-email").fill("mia@harbour.test")
    owner.locator("#id_login-name").fill("Mia Long")
    owner.locator("#id_login-time_zone").select_option("America/New_York")
    owner.get_by_role("button", name="Add", exact=True).click()
    expect(owner.get_by_role("heading", name="Max Long")).to_be_visible()
    picture(owner, "client")

    tess = person()
    accept(tess, link_of(served, "tess@harbour.test"))
    guardian = person(time_zone="America/New_York")
    invitation = served.mail.newest(to="mia@harbour.test")
    assert invitation["subject"] == "Olive Owner has invited you to Harbour Clinic"
    accept(guardian, link_of(served, "mia@harbour.test"))
    guardian.goto(f"{clinic}/people/clients/")
    guardian.get_by_role("link", name="Max Long").click()
    expect(guardian.get_by_text("You act for them")).to_be_visible()
    picture(guardian, "client-as-guardian")
    guardian.goto(link_of(served, "mia@harbour.test"))
    expect(guardian.get_by_role("heading", name="This invitation was used")).to_be_visible()
    picture(guardian, "invitation-used")


def test_status_changes_in_the_list_and_ends_the_session(served, clinic, person):
    owner, guardian = person(), person()
    sign_in(owner, clinic, "olive@harbour.test")
    sign_in(guardian, clinic, "mia@harbour.test")
    owner.goto(f"{clinic}/people/clients/")
    picture(owner, "clients")

    owner.get_by_label("Status of Max Long").select_option("inactive")
    owner.get_by_role("button", name="Make inactive").click()  # asked first, with what it will do
    expect(owner.get_by_role("button", name="Make inactive")).to_have_count(0)
    owner.goto(f"{clinic}/people/clients/")
    expect(owner.locator("tbody .badge", has_text="Inactive")).to_be_visible()
    guardian.goto(f"{clinic}/profile/")
    expect(guardian).to_have_url(re.compile("/account/login/"))
    sign_in(guardian, clinic, "mia@harbour.test")
    expect(guardian.get_by_role("heading", name="You cannot sign in at present")).to_be_visible()
    picture(guardian, "inactive")
    with owner.expect_response(re.compile("/status/")):
        owner.get_by_label("Status of Max Long").select_option("active")


def test_passkey_is_added_and_opens_the_door(served, clinic, person):
    page = person()
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )  # fmt: skip
    page.goto(f"{clinic}/account/login/")
    picture(page, "sign-in")
    sign_in(page, clinic, "tess@harbour.test")
    page.goto(f"{clinic}/account/2fa/")
    picture(page, "security")
    page.goto(f"{clinic}/account/2fa/webauthn/add/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    picture(page, "reauthenticate")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    picture(page, "passkey-add")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    picture(page, "recovery-codes")
    page.goto(f"{clinic}/account/2fa/webauthn/")
    picture(page, "passkeys")
    page.goto(f"{clinic}/account/2fa/totp/activate/")
    picture(page, "authenticator-app")

    page.context.clear_cookies()
    page.goto(f"{clinic}/account/login/")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_url(f"{clinic}/dashboard/")


def test_pages_of_people_look_right(served, clinic, person):
    page = person()
    sign_in(page, clinic, "olive@harbour.test")
    for name in ("staff", "roles", "agents", "agents/new", "clients/permissions"):
        page.goto(f"{clinic}/people/{name}/")
        picture(page, name.replace("/", "-"))
    page.goto(f"{clinic}/profile/")
    picture(page, "profile")
    page.goto(f"{clinic}/people/clients/")
    page.get_by_role("link", name="Max Long").click()
    for name in ("Change", "Assign", "Add a login"):
        home = page.url
        page.get_by_role("link", name=name, exact=True).first.click()
        picture(page, f"client-{name.lower().replace(' ', '-')}")
        page.goto(home)
    page.get_by_role("link", name="Mia Long").click()
    picture(page, "login")
