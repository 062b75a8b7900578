"""What an appointment was charged, on its page, for whoever bills."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.actions import charges, invoices
from billing.models import Charge
from core.scheduling.actions import complete_appointment
from tests.factories.scheduling import completion_type
from tests.factories.till import appointment_of


def page_of(appointment, browser):
    path = reverse("scheduling:appointment", args=[appointment.pk], urlconf="deploy.urls.tenant")
    return browser.get(path).content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def completed(till):
    """Cora and Cleo, 80.00 each."""
    till.made = appointment_of(till, till.cora, till.cleo)
    complete_appointment(
        till.made, completion_type=completion_type("Completed"), by=till.tess, now=till.now + timedelta(hours=1)
    )
    return till


def test_charges_lead_to_where_they_stand(completed, visit):
    first, second = Charge.objects.order_by("client__sort_key")
    [invoice] = invoices.invoice_each(charges=[first], by=completed.nora, now=completed.now)

    page = page_of(completed.made, visit(completed.nora))

    assert reverse("billing:invoice", args=[invoice.pk], urlconf="deploy.urls.tenant") in page
    assert reverse("billing:charge", args=[second.pk], urlconf="deploy.urls.tenant") in page
    assert page.count("€80.00") == 2 and "To be billed" in page and "The price of Speech therapy." in page


def test_waived_charge_is_said_and_leads_nowhere(completed, visit):
    charge = Charge.objects.filter(client=completed.cora).get()
    charges.waive_charge(charge=charge, reason="goodwill", by=completed.nora, now=completed.now)
    page = page_of(completed.made, visit(completed.nora))
    assert "Waived" in page and str(charge.pk) not in page


@pytest.mark.parametrize("who", ["tess", "sam", "gus", "cora_login", "ada"])
def test_nobody_else_reads_charges_there(completed, visit, who):
    page = page_of(completed.made, visit(getattr(completed, who)))
    assert "To be billed" not in page and "price of Speech therapy" not in page
