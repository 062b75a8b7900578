"""What is said about an invoice's mail is so: who gets it, or why nobody does; and a document that fails is seen and made good."""

import pytest

from billing.actions import invoices
from core.kernel import outbox
from core.notifications.models import Delivery, Notice
from core.people.models import User
from tests.factories.till import issue

TOLD = "gets it by mail"


@pytest.fixture
def issued(till, visit):
    """`issued(**change)` -> the page after issuing an invoice for Cora, of whose logins this is so."""

    def run(**change):
        draft = invoices.draft_invoice(
            client=till.cora, items=[invoices.Item("Assessment", till.therapy.price)], by=till.nora, now=till.now
        )
        User.objects.filter(links__client=till.cora).update(**change)
        return visit(till.nora).post(f"/billing/invoices/{draft.pk}/issue/", follow=True).content.decode()

    return run


def test_who_gets_it_is_said(issued):
    page = issued()
    assert "Gus North gets it by mail: gus@north.test." in page
    assert "Issued and sent" not in page


def test_nobody_gets_it_where_every_login_is_switched_off(issued, mailoutbox):
    page = issued(is_active=False)
    outbox.deliver_due()
    assert "Nobody gets it by mail: Cora Winter (no mail address)." in page and not mailoutbox
    assert "Send again" not in page


def test_what_cannot_be_mailed_is_not_sent_again_and_says_why(till, visit):
    invoice = issue(till)
    User.objects.filter(pk=till.gus.pk).update(is_active=False)
    page = visit(till.nora).post(f"/billing/invoices/{invoice.pk}/delivery/", follow=True).content.decode()
    assert "the login is switched off" in page


def test_document_that_fails_is_seen_on_the_invoice_told_and_made_good(till, visit, monkeypatch, mailoutbox):
    invoice = issue(till)
    monkeypatch.setattr("billing.outbox_handlers.invoice_file", _broken)
    outbox.deliver_due()

    page = visit(till.nora).get(f"/billing/invoices/{invoice.pk}/").content.decode().replace("<wbr>", "")
    theirs = visit(till.gus).get(f"/billing/invoices/{invoice.pk}/").content.decode()
    assert "gus@north.test" in page and "fault of the product" in page and "Try again" in page
    assert "Mail about it" not in theirs
    assert Notice.objects.filter(user_id=till.nora.pk, title="Mail to gus@north.test has not left").exists()

    monkeypatch.undo()
    visit(till.nora).post(f"/billing/invoices/{invoice.pk}/delivery/")
    visit(till.nora).post(f"/billing/invoices/{invoice.pk}/delivery/")
    while outbox.deliver_due():
        pass
    assert len(mailoutbox) == 1  # the same promise, not a second one
    assert Delivery.objects.get(kind="invoice_issued").state == "sent"


def _broken(*_):
    raise RuntimeError("no font for 😀")
