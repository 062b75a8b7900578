"""Reminders through their pages: the schedule, one now, many at once, and what holds them back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Invoice
from billing.reminders.models import RemindedInvoice, Reminder, ReminderHold, ReminderSettings
from core.kernel import clock
from tests.factories.pages import fields_of
from tests.factories.till import issue


def overdue(till, **more) -> Invoice:
    invoice = issue(till, **more)
    Invoice.objects.filter(pk=invoice.pk).update(due_on=clock.now().date() - timedelta(days=5))
    return Invoice.objects.get(pk=invoice.pk)


def test_schedule_is_set_and_refused_with_a_sentence(till, visit):
    browser, address = visit(till.nora), reverse("billing:reminder-settings")
    overdue(till)
    page = browser.get(address)
    form = fields_of(page)
    assert "1 invoice is overdue today" in page.content.decode()

    refused = browser.post(address, form | {"is_on": "on", "second_days": "2"})
    assert refused.status_code == 422 and "Each reminder comes later" in refused.content.decode()
    assert browser.post(address, form | {"is_on": "on", "third_days": ""}).status_code == 302

    found = ReminderSettings.objects.get()
    assert (found.is_on, found.first_days, found.second_days, found.third_days) == (True, 3, 10, None)


def test_one_is_reminded_from_its_page_and_the_page_says_so(till, visit):
    invoice, browser = overdue(till), visit(till.nora)
    page = reverse("billing:invoice", args=[invoice.pk])
    assert reverse("billing:invoice-reminder", args=[invoice.pk]) in browser.get(page).content.decode()

    for _ in range(2):
        browser.post(reverse("billing:invoice-reminder", args=[invoice.pk]))

    shown = browser.get(page).content.decode()
    assert Reminder.objects.count() == 1
    assert "First reminder" in shown and "Leaves by mail" in shown
    assert "First reminder" not in visit(till.gus).get(page).content.decode()


def test_promise_is_noted_seen_by_staff_only_and_lifted(till, visit):
    invoice, browser = overdue(till), visit(till.nora)
    address, page = reverse("billing:invoice-hold", args=[invoice.pk]), reverse("billing:invoice", args=[invoice.pk])
    form = fields_of(browser.get(address)) | {"kind": "promised", "note": 'קליאו 北 🎈 "on the phone"'}

    refused = browser.post(address, form)
    assert refused.status_code == 422 and "Enter a day that has not passed" in refused.content.decode()
    until = (clock.now() + timedelta(days=9)).date()
    assert browser.post(address, form | {"until": until.isoformat()}).status_code == 302

    assert "Payment is promised" in browser.get(page).content.decode()
    assert "Payment is promised" not in visit(till.gus).get(page).content.decode()
    browser.post(reverse("billing:invoice-hold-removal", args=[invoice.pk]))
    assert not ReminderHold.objects.filter(lifted_at=None).exists()


def test_many_are_reminded_at_once_each_with_a_result(till, visit):
    mine, hers, browser = overdue(till), overdue(till, client=till.cleo), visit(till.nora)
    address = reverse("billing:reminders")
    assert address in browser.get(reverse("billing:invoices") + "?state=overdue").content.decode()
    page = browser.get(address)
    shown = page.content.decode()
    assert mine.number in shown and hers.number in shown and "First reminder" in shown
    till.ada.is_active = False
    till.ada.save()

    answer = browser.post(address, fields_of(page) | {"payer": [str(till.gus.pk), str(till.ada.pk)]})

    result = answer.content.decode()
    assert answer.status_code == 200
    assert "Leaves by mail" in result and "the login is switched off" in result
    assert [item.invoice_id for item in RemindedInvoice.objects.all()] == [mine.pk]
    assert mine.number not in browser.get(address).content.decode()


def test_choosing_nobody_is_said(till, visit):
    overdue(till)
    browser, address = visit(till.nora), reverse("billing:reminders")
    form = {name: value for name, value in fields_of(browser.get(address)).items() if name != "payer"}

    answer = browser.post(address, form)

    assert answer.status_code == 422 and "Choose at least one." in answer.content.decode()


@pytest.mark.parametrize("name", ["reminders", "invoices"])
def test_pages_take_the_same_queries_however_many_are_overdue(till, visit, name):
    browser, counts = visit(till.nora), []
    for more in (1, 2):
        for _ in range(more):
            overdue(till)
        address = reverse(f"billing:{name}") + "?state=overdue"
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]
