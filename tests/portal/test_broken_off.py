"""Acts that ask the payment processor are noted before they begin: what was broken off is not done twice, and whoever sent it is told."""

from datetime import timedelta

import pytest

from billing.actions import credit_notes
from billing.models import LedgerEntry
from core.kernel import clock
from core.kernel.models import SentForm
from core.notifications.models import Notice
from portal.broken_off import tell_of_broken_off
from tests.factories.pages import fields_of
from tests.factories.till import issue

CREDIT = {"what": "amount", "price": "10.00", "reason": "goodwill", "memo": "Came late"}


class Killed(BaseException):
    """The program stops here, as a signal would stop it."""


@pytest.fixture
def broken_off(till, visit, monkeypatch):
    """Nora claims 10 EUR less; the program stops when that was written, and before it could say so."""
    browser, credit = visit(till.nora), credit_notes.credit_invoice
    address = f"/billing/invoices/{issue(till).pk}/credit/"
    till.form = fields_of(browser.get(address)) | CREDIT
    till.browser, till.address = browser, address

    def stop(**arguments):
        credit(**arguments)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(credit_notes, "credit_invoice", stop)
        with pytest.raises(Killed):
            browser.post(address, till.form)
    return till


def credits() -> int:
    return LedgerEntry.objects.filter(kind="credited").count()


def test_second_sending_is_not_carried_out_and_says_so(broken_off):
    answer = broken_off.browser.post(broken_off.address, broken_off.form)
    page = broken_off.browser.get(answer.headers["Location"]).content.decode()

    assert answer.headers["Location"] == broken_off.address
    assert "broken off: it may have been done, or not" in page
    assert credits() == 1


def test_script_reads_the_same(broken_off):
    answer = broken_off.browser.post(broken_off.address, broken_off.form, headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()["url"]) == (409, broken_off.address)
    assert credits() == 1


def test_new_form_can_be_sent(broken_off):
    form = fields_of(broken_off.browser.get(broken_off.address)) | CREDIT | {"price": "5.00"}

    assert broken_off.browser.post(broken_off.address, form).status_code == 302
    assert credits() == 2


def test_who_sent_it_is_told_once_at_night(broken_off):
    tell_of_broken_off(now=clock.now())
    assert not Notice.objects.filter(kind="form_broken_off").exists()  # because it may be under way

    for _ in range(2):
        tell_of_broken_off(now=clock.now() + timedelta(hours=1))

    notice = Notice.objects.get(kind="form_broken_off")
    assert (notice.user_id, notice.path) == (broken_off.nora.pk, broken_off.address)


def test_what_was_refused_leaves_nothing_and_may_be_sent_again(till, visit):
    browser, invoice = visit(till.nora), issue(till)
    address = f"/billing/invoices/{invoice.pk}/credit/"
    form = fields_of(browser.get(address)) | CREDIT | {"price": "900.00"}
    assert browser.post(address, form).status_code == 422
    assert not SentForm.objects.exists()

    assert browser.post(address, form | {"price": "10.00"}).status_code == 302
    assert SentForm.objects.get().led_to == f"/billing/credit-notes/{invoice.credit_notes.get().pk}/"
