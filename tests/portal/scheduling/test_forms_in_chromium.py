"""Forms in a real browser: pressed twice, with another time zone meanwhile, and after the session has ended in a dialog."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.people.models import Client
from core.scheduling.models import Appointment
from tenants.context import organization_context
from tests.factories.web import PASSWORD

pytestmark = pytest.mark.journey


def test_form_whose_button_is_pressed_twice_makes_one_client(practice, open_as):
    page = open_as(practice.owner, reverse("people:client_new"))
    page.get_by_label("First name").first.fill("Pressed")
    page.locator("form:has([name=first_name])").evaluate(
        "form => { const twice = () => fetch(form.action, {method: 'POST', body: new FormData(form)});"
        " return Promise.all([twice(), twice(), twice()]).then(() => null) }"
    )

    with organization_context(practice.organization):
        assert Client.objects.filter(first_name="Pressed").count() == 1


def test_device_in_another_zone_keeps_the_answer_to_a_form(practice, open_as):
    page = open_as(practice.owner, reverse("people:client_new"))
    # The answer is written in the zone of the cookie, which is not the device's any more.
    page.context.add_cookies([{"name": "zone", "value": "Asia/Tokyo", "url": practice.url}])
    note = page.locator("[name=additional_information]")
    note.fill("Nine hundred characters")
    page.locator("[name=email]").first.fill("no address")
    page.locator("form:has([name=first_name]) [type=submit]").click()

    expect(page.get_by_role("alert").first).to_be_visible()
    page.wait_for_timeout(500)  # milliseconds, in which the page would have been replaced
    expect(note).to_have_value("Nine hundred characters")


def test_session_that_ends_in_a_dialog_leads_the_whole_page_to_sign_in_and_back_to_what_was_typed(practice, open_as):
    with organization_context(practice.organization):
        practice.tara.set_password(PASSWORD)
        practice.tara.save()
        appointment = Appointment.objects.order_by("starts_at").first()
    move = reverse("scheduling:move", args=[appointment.pk])
    page = open_as(practice.tara, reverse("scheduling:calendar"))
    page.wait_for_load_state("networkidle")  # all that the calendar asks for by itself, while the session still stands
    page.evaluate("path => window.htmx.ajax('GET', path, {target: '#sheet', swap: 'innerHTML'})", move)
    page.locator("#sheet [name=time]").fill("16:30")
    page.context.clear_cookies(name="sid")
    page.locator("#sheet form [type=submit]").click()

    page.wait_for_url("**/account/login/**")
    expect(page.get_by_text("What you typed is kept").first).to_be_visible()
    assert page.locator("practice-calendar").count() == 0
    page.locator("[name=login]").fill("tara@harbour.test")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").first.click()
    page.wait_for_url(f"**{move}**")
    expect(page.locator("[name=time]")).to_have_value("16:30")
