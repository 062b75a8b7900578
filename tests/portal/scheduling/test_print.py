"""The calendar and long lists on paper, as Chromium prints them."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import clock
from core.people.models import Assignment, Client, User
from core.scheduling.actions import book_appointment
from tenants.context import organization_context

pytestmark = pytest.mark.journey
LONG = "Maximiliane-Friederike von und zu Hohenlohe-Waldenburg-Schillingsfürst"


def printed(page):
    """The text of each printed page, on one line."""
    reader = PdfReader(io.BytesIO(page.pdf(format="A4")))
    return [" ".join(sheet.extract_text().split()) for sheet in reader.pages]


@pytest.fixture
def busy(practice, django_db_blocker):
    """A long name at eight in the morning of Thursday, and sixty appointments in the weeks after."""
    with django_db_blocker.unblock(), organization_context(practice.organization):
        client, is_new = Client.objects.get_or_create(
            last_name=LONG, defaults={"first_name": "Ann", "time_zone": "Asia/Tokyo"}
        )
        Assignment.objects.get_or_create(client=client, practitioner=practice.staff)
        if is_new:
            change_brand(current_brand(), by=practice.owner, languages=["en", "de"])
            for number in range(61):
                starts_at = practice.monday + timedelta(days=3 + number // 2, hours=20 + number % 2 * 2)
                book_appointment(
                    practitioner=practice.staff, clients=[client], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
                    time_zone="Europe/Berlin", service_name="Speech therapy", by=practice.tara, now=clock.now(),
                )  # fmt: skip
        User.objects.filter(pk=practice.tara.pk).update(language="de")
        yield client
        User.objects.filter(pk=practice.tara.pk).update(language="en")


def test_week_is_printed_as_an_agenda_with_days_and_whole_names(practice, open_as, busy):
    page = open_as(practice.tara, f"/calendar/?date={practice.monday.date()}")
    page.wait_for_selector(".calendar .event")
    page.wait_for_selector(".calendar-paper .agenda-day", state="attached")
    text = " ".join(printed(page))
    for said in (
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Pia Pohl",
        "Otto Okafor",
        "Mei Moreau",
        LONG,
        "Asia/Tokyo",
    ):
        assert said in text, said
    assert "Neuer Termin" not in text and "Termin absagen" not in text and "7:00 8:00 9:00" not in text


def test_paper_follows_the_grid(practice, open_as, busy):
    page = open_as(practice.tara, f"/calendar/?date={practice.monday.date()}")
    page.wait_for_selector(".calendar-paper .agenda-day", state="attached")
    later = f"date={practice.monday.date() + timedelta(days=7)}"  # an answer about this week may still be on its way
    with page.expect_response(lambda answer: "part=agenda" in answer.url and later in answer.url):
        page.locator("[data-step=next]").click()
    page.wait_for_selector(".calendar-paper .agenda-day", state="attached")
    text = " ".join(printed(page))
    assert LONG in text and "Pia Pohl" not in text
    with page.expect_response(lambda answer: "part=agenda" in answer.url and "view=day" in answer.url):
        page.locator("[data-show=day]").click()
    page.wait_for_selector(".calendar-paper .agenda-day", state="attached")
    text = " ".join(printed(page))
    assert "Montag" in text and "Dienstag" not in text


def test_paper_is_not_empty_after_the_window_was_narrow_or_before_anything_has_come(practice, open_as, busy):
    page = open_as(practice.tara, f"/calendar/?date={practice.monday.date()}")
    page.wait_for_selector(".calendar-paper .agenda-day", state="attached")
    page.set_viewport_size({"width": 400, "height": 800})
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_selector(".calendar-paper .agenda-day", state="attached")
    assert "Pia Pohl" in " ".join(printed(page))
    page.evaluate("document.querySelector('#paper').replaceChildren()")
    assert "Pia Pohl" in " ".join(printed(page))


def test_phone_prints_the_agenda_it_shows(practice, open_as, busy):
    page = open_as(practice.tara, f"/calendar/?date={practice.monday.date()}", width=390, height=844)
    text = " ".join(printed(page))
    assert "Pia Pohl" in text and LONG in text and "Montag" in text


@pytest.mark.parametrize("path", ["/appointments/", "/people/clients/", "/dashboard/"])
def test_lists_begin_on_the_first_page(practice, open_as, busy, path):
    sheets = printed(open_as(practice.tara, path))
    assert "Pia Pohl" in sheets[0]
    if path == "/appointments/":
        assert len(sheets) > 1 and all("Wann" in sheet for sheet in sheets), "each page has the head of the table"
