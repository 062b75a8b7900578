"""The person picker in a real Chromium: found by typing, taken by keyboard or pointer, taken away again; and as a search without scripts."""

import pytest

from core.people.models import Assignment, Client
from core.scheduling.models import Appointment
from tenants.context import organization_context

pytestmark = pytest.mark.journey
NUMBER = 40
FIND = "Find by name, address or telephone"


@pytest.fixture(scope="module")
def crowd(practice, django_db_blocker):
    """Forty more clients of Tara's."""
    with django_db_blocker.unblock(), organization_context(practice.organization):
        made = Client.objects.bulk_create(
            Client(first_name=f"Nr{at:02}", last_name="Viele", time_zone="Europe/Berlin") for at in range(NUMBER)
        )
        Assignment.objects.bulk_create(Assignment(client=each, practitioner=practice.staff) for each in made)
    return made


def test_keyboard_alone_finds_and_takes_somebody(practice, open_as, crowd):
    page = open_as(practice.tara, "/appointments/new/")
    box = page.get_by_role("combobox", name=FIND)
    box.focus()
    page.get_by_role("option").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.press_sequentially("okafro")
    page.locator("[role=option][aria-selected=true]", has_text="Otto Okafor").wait_for()
    active = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    box.press("Enter")

    chosen = page.locator("person-picker input[name=clients]:checked")
    assert chosen.count() == 1
    assert page.get_by_role("listbox").is_hidden()
    assert page.url.endswith("/appointments/new/"), "Enter took somebody and sent nothing"

    box.press_sequentially("nr3")
    page.get_by_role("option", name="Nr31 Viele").wait_for()
    box.press("ArrowDown")
    box.press("ArrowUp")
    box.press("Escape")
    assert page.get_by_role("listbox").is_hidden()
    assert chosen.count() == 1


def test_pointer_takes_several_and_a_box_takes_one_away(practice, open_as, crowd):
    page = open_as(practice.tara, "/appointments/new/", width=390, height=844)
    box = page.get_by_role("combobox", name=FIND)
    for name in ("Mei Moreau", "Pia Pohl"):
        box.fill(name)
        page.get_by_role("option", name=name).click()
    chosen = page.locator("person-picker input[name=clients]")
    assert chosen.count() == 2
    page.get_by_label("Mei Moreau").click()
    assert chosen.count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box.fill("zzzzz")
    page.get_by_role("listbox").get_by_text("Nobody found").wait_for()


def test_what_was_taken_is_booked(practice, open_as, crowd, django_db_blocker):
    page = open_as(practice.tara, f"/appointments/new/?date={practice.monday.date()}&time=17:00")
    page.get_by_role("combobox", name=FIND).fill("Nr07")
    page.get_by_role("option", name="Nr07 Viele").click()
    page.select_option("[name=service]", label="Speech therapy")
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url("**/calendar/**")
    with django_db_blocker.unblock(), organization_context(practice.organization):
        assert Appointment.objects.filter(clients=crowd[7]).count() == 1


def test_without_scripts_a_button_searches(practice, open_as, crowd):
    page = open_as(practice.tara, "/appointments/new/", java_script_enabled=False)
    page.fill("[name=note]", "Bring the cards")
    page.fill("[name=clients-find]", "nr33")
    page.get_by_role("button", name="Search").click()

    assert page.get_by_label("Nr33 Viele").is_visible()
    assert page.locator("person-picker input[name=clients]").count() == 1
    assert page.input_value("[name=note]") == "Bring the cards"
