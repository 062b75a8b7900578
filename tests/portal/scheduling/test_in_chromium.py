"""The calendar in a real Chromium under the strict policy: clicked, dragged, by keyboard, on a phone; and without barriers."""

import re
from datetime import timedelta

import pytest

from core.people.models import Assignment, Client, LinkedLogin
from core.scheduling.models import Appointment
from tenants.context import organization_context
from tests.portal.scheduling.chromium import barriers

pytestmark = pytest.mark.journey
# What sticks out of a phone's screen, except where a row scrolls by itself; and whatever else makes a page hard to find one's way in.
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth
  const held = (one) => { for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
    const style = getComputedStyle(up); if (style.overflowX !== 'visible' || style.clipPath !== 'none') return true } return false }
  const out = [...document.querySelectorAll('body *')].filter((one) => {
    const box = one.getBoundingClientRect()
    return box.width && box.height && (box.right > wide + 1 || box.left < -1) && getComputedStyle(one).visibility !== 'hidden' && !held(one)
  }).map((one) => one.outerHTML.slice(0, 80))
  if (document.documentElement.scrollWidth > wide) out.push('the page scrolls sideways')
  if (document.querySelectorAll('h1').length !== 1) out.push('not one h1')
  return out
}"""
LONG = "Maximiliane-Friederike von und zu Hohenlohe-Waldenburg-Schillingsfürst"
PAGES = {
    "owner": [
        "/dashboard/", "/calendar/", "/appointments/", "/people/clients/", "{client}", "/people/clients/new/", "/people/clients/permissions/",
        "/people/staff/", "/people/roles/", "/people/agents/", "/billing/invoices/", "/billing/invoices/new/", "/billing/charges/",
        "/billing/payments/", "/billing/balances/", "/billing/services/", "/billing/settings/", "/settings/", "/settings/appointments/",
        "/settings/mail/", "/settings/audit/", "/settings/messages/", "/account/sessions/", "/account/2fa/",
    ],
    "tara": ["/dashboard/", "/appointments/", "/appointments/new/", "/people/clients/", "{client}", "/people/staff/", "/profile/"],
    "gwen": [
        "/dashboard/", "/calendar/", "/appointments/", "/people/clients/", "{client}", "/billing/invoices/", "/billing/payments/",
        "/notifications/",
    ],
}  # fmt: skip


@pytest.fixture
def kept(practice, django_db_blocker):
    """`kept()` -> the appointments of the first client as the database has them now."""

    def read():
        with organization_context(practice.organization):
            return list(Appointment.objects.filter(clients=practice.clients[0]).order_by("starts_at"))

    with django_db_blocker.unblock():
        yield read


def week(practice):
    return f"/calendar/?date={practice.monday.date()}"


def test_practitioner_books_by_clicking_into_the_grid(practice, open_as, kept):
    page = open_as(practice.tara, week(practice))
    page.wait_for_selector(".calendar .event")
    assert page.locator(".calendar .event").count() == 3
    page.get_by_text("15:00", exact=True).scroll_into_view_if_needed()
    hour, day = (
        page.get_by_text("15:00", exact=True).bounding_box(),
        page.locator(".calendar .event").nth(0).bounding_box(),
    )
    page.mouse.click(day["x"] + 40, hour["y"] + 3)
    page.wait_for_selector("dialog#act[open]")
    assert (
        page.input_value("#act [name=date]") == str(practice.monday.date())
        and page.input_value("#act [name=time]") == "15:00"
    )
    assert page.input_value("#act [name=minutes]") == "45"  # the only service's
    page.get_by_role("checkbox", name="Pia Pohl").check()
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url("**/calendar/?date=*")
    page.get_by_text("Booked. Told by mail").wait_for()
    assert len(kept()) == 2


def test_clash_comes_back_as_a_sentence_in_the_dialog(practice, open_as, kept):
    page = open_as(practice.tara, week(practice))
    page.get_by_role("link", name="New appointment").click()
    page.wait_for_selector("dialog#act[open]")
    page.get_by_role("checkbox", name="Otto Okafor").check()
    page.fill("#act [name=date]", str(practice.monday.date()))
    page.fill("#act [name=time]", "10:00")
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_text("with Pia Pohl.").first.wait_for()
    assert page.locator("dialog#act[open]").count() == 1
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert", "what was wrong is read first"


def test_drag_asks_and_moves(practice, open_as, kept):
    before = kept()[0]
    page = open_as(practice.tara, week(practice))
    event = page.locator(".calendar .event", has_text="Pia Pohl").first
    event.wait_for()
    box, later = event.bounding_box(), page.get_by_text("13:00", exact=True).bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 40, steps=4)
    page.mouse.move(box["x"] + 30, later["y"] + 3, steps=8)
    page.mouse.up()
    page.wait_for_selector("#move-question[open]")
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_text("Moved. Told by mail").wait_for()
    assert kept()[0].starts_at == before.starts_at + timedelta(hours=3)


def test_everything_goes_by_keyboard(practice, open_as, kept):
    before = kept()[0]
    page = open_as(practice.tara, f"/appointments/{before.pk}/")
    page.get_by_role("link", name="Move…").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog#act[open]")
    page.fill("#act [name=time]", "08:00")
    page.locator("#act [name=time]").press("Enter")
    page.get_by_text("Moved. Told by mail").wait_for()
    assert kept()[0].starts_at.astimezone().minute == 0 and kept()[0].starts_at != before.starts_at


def test_form_warns_of_a_large_group_while_it_is_chosen(practice, open_as):
    page = open_as(practice.tara, "/appointments/new/")
    warning = page.locator("booking-form [data-more-than]")
    assert warning.get_attribute("data-more-than") == "10"
    warning.evaluate("warning => { warning.dataset.moreThan = 2 }")  # because the practice has three clients
    boxes = page.locator("booking-form input[name=clients]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    assert not warning.is_visible()
    boxes.nth(2).check()
    warning.get_by_text("a webinar tool serves better").wait_for()


def test_zone_of_the_browser_is_the_zone_of_the_screen(practice, open_as, kept):
    page = open_as(practice.tara, week(practice), zone="Asia/Tokyo")
    page.locator("practice-calendar[data-zone='Asia/Tokyo']").wait_for(state="attached")
    assert page.input_value("#zone") == "Asia/Tokyo"
    page.wait_for_selector(".calendar .event")
    page.select_option("#zone", "Europe/Lisbon")
    page.locator("practice-calendar[data-zone='Europe/Lisbon']").wait_for(state="attached")


def test_phone_gets_the_agenda_and_the_guardian_her_own(practice, open_as, kept):
    page = open_as(practice.gwen, week(practice), width=390, height=844)
    assert page.locator("[data-agenda]").is_visible() and not page.locator("[data-grid]").is_visible()
    assert "Speech therapy" in page.inner_text("[data-agenda]") and "Otto" not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/dashboard/", "/appointments/"])
def test_cancelling_has_a_word_and_room_for_a_thumb_on_a_phone(practice, open_as, kept, path):
    page = open_as(practice.gwen, path, width=390, height=844)
    link = page.locator("a.cancel-icon").first
    assert link.inner_text().strip() == "Cancel" and link.bounding_box()["height"] >= 44
    wide = open_as(practice.gwen, path).locator("a.cancel-icon").first
    assert wide.inner_text().strip() == "" and wide.get_attribute("aria-label").startswith("Cancel the appointment")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["calendar", "appointments/", "appointment", "new", "cancellation"])
def test_pages_have_no_barriers(practice, open_as, kept, path, width):
    one = kept()[0].pk
    paths = {
        "calendar": week(practice), "appointment": f"/appointments/{one}/", "new": "/appointments/new/",
        "cancellation": f"/appointments/{one}/cancellation/",
    }  # fmt: skip
    page = open_as(practice.tara, paths.get(path, f"/{path}"), width=width)
    if path == "calendar" and width == 1280:
        page.wait_for_selector(".calendar .event")
    assert barriers(page) == []


@pytest.mark.parametrize("who", PAGES)
def test_nothing_sticks_out_of_a_phone(practice, open_as, django_db_blocker, who):
    with django_db_blocker.unblock(), organization_context(practice.organization):
        client, _ = Client.objects.get_or_create(
            last_name=LONG, defaults={"first_name": "Ann", "time_zone": "America/Argentina/Buenos_Aires"}
        )
        Client.objects.filter(pk=client.pk).update(email=f"{LONG[:20].lower()}.{'x' * 40}@mail.example")
        Assignment.objects.get_or_create(client=client, practitioner=practice.staff)
        LinkedLogin.objects.get_or_create(user=practice.gwen, client=client, defaults={"relationship": "guardian"})
    page = open_as(getattr(practice, who), "/dashboard/", width=390, height=844)
    found = {}
    for path in PAGES[who]:
        page.goto(practice.url + path.format(client=f"/people/clients/{client.pk}/"), wait_until="load")
        if wrong := page.evaluate(STICKS_OUT):
            found[path] = wrong
    assert found == {}


def test_person_whose_session_has_ended_signs_in_and_comes_back(practice, open_as):
    page = open_as(practice.tara, week(practice))
    page.wait_for_selector(".calendar .event")
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.locator(".calendar .event").first.click()
    page.wait_for_url(re.compile(r"/account/login/\?next=.*calendar"))
    assert page.get_by_role("heading", name="Sign in").count() == 1
