"""Who gets the bill: on paper too, under the client's billing name, and decided anew for drafts until they are issued."""

import pytest
from django.urls import reverse

from billing.actions import charges, invoices
from billing.actions.invoices import Item
from billing.models import Invoice
from billing.queries.payers import NOBODY, agent_payer, payer_for
from core.kernel import audit
from core.kernel.models import OutboxMessage
from core.kernel.money import Money
from core.people import grants
from core.people.models import Client, LinkedLogin, User
from tests.factories.till import ended


@pytest.fixture
def paul(till):
    """Somebody without a login and without a mail address."""
    return Client.objects.create(first_name="Paul", last_name="Post", time_zone="Europe/Berlin")


def draft(till, client) -> Invoice:
    item = Item("Assessment", Money(8000, "EUR"))
    return invoices.make_invoice(client=client, items=[item], by=till.nora, now=till.now)


def issue(till, invoice) -> Invoice:
    return invoices.issue_invoice(invoice=invoice, by=till.nora, now=till.now)


def test_bill_of_somebody_without_login_and_address_is_issued_on_paper(till, paul):
    waiting = draft(till, paul)
    assert (waiting.state, waiting.payer_kind, waiting.payer_name) == ("draft", "other", "Paul Post")

    issued = issue(till, waiting)

    assert (issued.state, issued.number) == ("open", "INV-2026-0001")
    assert not OutboxMessage.objects.filter(name="billing.mail_invoice").exists()


def test_pages_say_that_it_goes_on_paper_and_why(till, paul, visit):
    waiting, browser = draft(till, paul), visit(till.nora)
    url = reverse("billing:invoice", args=[waiting.pk])

    page = browser.get(url).content.decode()
    done = browser.post(reverse("billing:invoice-issue", args=[waiting.pk]), follow=True).content.decode()

    assert "Nobody gets it by mail: Paul Post" in page and "You can issue this on paper" in page
    assert "Issue without mail" in page and "Costs are hidden" not in page and "Issue and send" not in page
    assert "Nobody gets it by mail: Paul Post" in done and "Send again" not in done
    assert browser.get(url + "document/").headers["Content-Type"] == "application/pdf"


def test_billing_name_and_address_of_the_client_stand_on_the_bill(till, paul):
    for client, email in ((paul, ""), (till.cora, "gus@north.test")):
        client.billing_name, client.billing_address = "Family Post", "Lane 1\n10115 Berlin"
        client.save()

        payer = payer_for(client)

        assert (payer.name, payer.address, payer.email) == ("Family Post", "Lane 1\n10115 Berlin", email)


def test_draft_is_billed_to_a_login_that_came_later(till, paul, visit):
    waiting = draft(till, paul)
    pia = User.objects.create_user(email="pia@north.test", name="Pia Post", time_zone="Europe/Berlin")
    LinkedLogin.objects.create(user=pia, client=paul, relationship="guardian")
    page = visit(till.nora).get(reverse("billing:invoice", args=[waiting.pk])).content.decode()
    assert "Pia Post" in page and "pia@north.test" in page and "Issue and send" in page

    issued = issue(till, waiting)

    assert (issued.payer_user, issued.payer_email) == (pia, "pia@north.test")
    assert OutboxMessage.objects.filter(name="billing.mail_invoice").count() == 1


def test_draft_of_hidden_costs_is_billed_to_an_agent_who_came_later(till):
    grants.revoke(till.ada, grants.AUDIT_CLIENT, till.cleo, by=till.nora)
    made = charges.charge_appointment(ended=ended(till, till.cleo), by=audit.SYSTEM, now=till.now)
    waiting = invoices.invoice_charges(charges=[made], by=audit.SYSTEM, now=till.now)
    assert waiting.payer_kind == NOBODY.kind

    grants.grant(till.ada, grants.AUDIT_CLIENT, till.cleo, by=till.nora)

    assert issue(till, waiting).payer_user == till.ada


def test_payer_that_somebody_chose_stays(till, paul):
    waiting = draft(till, paul)
    invoices.choose_payer(invoice=waiting, payer=agent_payer(till.ada.agent), by=till.nora, now=till.now)
    LinkedLogin.objects.create(user=till.gus, client=paul, relationship="guardian")

    assert issue(till, waiting).payer_user == till.ada


def test_billing_name_and_address_are_kept_by_the_clients_form(till, visit):
    url = reverse("people:client_change", args=[till.cora.pk])
    browser = visit(till.nora)
    form = browser.get(url).context["form"]
    sent = {name: value for name, value in form.initial.items() if value is not None}

    answer = browser.post(url, sent | {"billing_name": "Family Winter", "billing_address": "Lane 1"})

    till.cora.refresh_from_db()
    assert answer.status_code == 302
    assert (till.cora.billing_name, till.cora.billing_address) == ("Family Winter", "Lane 1")
    assert "Family Winter" in browser.get(reverse("people:client", args=[till.cora.pk])).content.decode()
