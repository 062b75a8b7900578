"""Bank accounts and files for the bank through their pages."""

import pytest
from django.urls import reverse

from billing.wages.models import BankAccount
from core.kernel import clock
from tests.factories.pages import fields_of
from tests.factories.wages import enter, pay_out

IBAN = "DE75512108001245126199"


def url(name, *args):
    return reverse(f"billing:{name}", args=args)


def put(browser, address, iban=IBAN, **more):
    return browser.post(address, fields_of(browser.get(address)) | {"holder": "Tess", "iban": iban} | more)


def test_set_by_oneself_shown_in_part_and_removed(till, visit):
    browser, own = visit(till.tess), url("wages-of", till.tess_staff.pk)
    put(browser, url("wage-account", till.tess_staff.pk))

    for reader in (till.tess, till.nora):
        page = visit(reader).get(own).content.decode()
        assert "DE•• •••• 6199" in page and IBAN not in page
    form = browser.get(url("wage-account", till.tess_staff.pk)).content.decode()
    assert IBAN not in form and "DE•• •••• 6199" in form
    browser.post(url("wage-account-removal", till.tess_staff.pk))
    assert not BankAccount.objects.exists()


def test_mistyped_number_is_refused_with_what_was_typed(till, visit):
    answer = put(visit(till.tess), url("wage-account", till.tess_staff.pk), "DE7551210800124512619")

    assert answer.status_code == 422 and "This is no IBAN" in answer.content.decode()


def test_second_of_two_tabs_is_told(till, visit):
    browser, address = visit(till.tess), url("wage-account", till.tess_staff.pk)
    late = fields_of(browser.get(address))
    put(browser, address)

    answer = browser.post(address, late | {"holder": "Tess", "iban": "FR1420041010050500013M02606"})

    assert answer.status_code == 422 and BankAccount.objects.get().shown == "DE•• •••• 6199"


@pytest.mark.parametrize("name", ["wage-account", "wage-account-removal"])
def test_of_somebody_else_there_is_nothing(till, visit, name):
    assert visit(till.tess).get(url(name, till.nora.staff.pk)).status_code == 404
    assert visit(till.gus).get(url(name, till.tess_staff.pk)).status_code == 404


def test_own_account_is_for_whoever_manages_wages(till, visit):
    assert visit(till.tess).get(url("wages-own-account")).status_code == 403
    put(visit(till.nora), url("wages-own-account"), holder="Praxis")
    assert BankAccount.objects.get().practitioner is None


def test_file_from_what_is_missing_to_the_bank(till, visit):
    enter(till.tess_staff, 12345, by=till.nora)
    run, browser = pay_out(by=till.nora), visit(till.nora)
    page = browser.get(url("payout-run", run.pk)).content.decode()
    assert "Where you pay from" in page and url("wage-account", till.tess_staff.pk) in page
    assert "something missing" in browser.post(url("payout-run-bank-file", run.pk), follow=True).content.decode()

    put(browser, url("wages-own-account"), holder="Praxis")
    put(browser, url("wage-account", till.tess_staff.pk))
    page = browser.get(url("payout-run", run.pk)).content.decode()
    assert "File for the bank" in page and "Where you pay from" not in page

    for _ in range(2):
        answer = browser.post(url("payout-run-bank-file", run.pk))
        assert answer.headers["Content-Type"] == "application/xml" and IBAN.encode() in answer.content
        assert answer.headers["Cache-Control"] == "private, no-store"
    for stranger in (till.tess, till.gus):
        assert visit(stranger).post(url("payout-run-bank-file", run.pk)).status_code in (403, 404)


def test_account_that_cannot_be_read_any_more_is_said(till, visit):
    enter(till.tess_staff, 12345, by=till.nora)
    run, browser = pay_out(by=till.nora), visit(till.nora)
    put(browser, url("wages-own-account"), holder="Praxis")
    put(browser, url("wage-account", till.tess_staff.pk))
    BankAccount.objects.update(encrypted_iban="gone", changed_at=clock.now())

    answer = browser.post(url("payout-run-bank-file", run.pk), follow=True)

    assert "cannot be read any more" in answer.content.decode()
