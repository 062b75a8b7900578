"""The pages of wages, for whoever manages them and for whoever earns."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Service
from billing.wages.actions import runs
from billing.wages.models import PayoutRun, WageEntry, WageRate
from core.kernel import clock
from core.kernel.models import OutboxMessage
from core.people.models import StaffMember, User
from core.scheduling.actions import complete_appointment
from core.scheduling.models import CompletionType
from tests.billing.pdf_text import read
from tests.factories.pages import fields_of
from tests.factories.scheduling import book, completion_type, tomorrow
from tests.factories.till import appointment_of
from tests.factories.wages import enter, pay_out, rate

NASTY = "=周二 🙂 ‏שלום‏ <b>“'&\u200b"


def url(name, *args):
    return reverse(f"billing:{name}", args=args, urlconf="deploy.urls.tenant")


def main_of(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def earning(till):
    """Tess has a rate and is owed 45.00 of an appointment and 15.00 by hand."""
    rate(till.tess_staff, each=4500, by=till.nora)
    till.made = appointment_of(till, till.cora)
    complete_appointment(
        till.made, completion_type=completion_type("Completed"), by=till.tess, now=till.now + timedelta(hours=1)
    )
    WageEntry.objects.update(happened_at=clock.now())
    enter(till.tess_staff, 1500, by=till.nora, what=NASTY)
    return till


def test_whoever_manages_wages_sees_everybody(earning, visit):
    browser = visit(earning.nora)
    page = main_of(browser.get(url("wages")))
    assert "Tess North" in page and "Sam North" in page and "€60.00" in page
    assert "Wages" in browser.get(url("invoices")).content.decode()

    page = main_of(browser.get(url("wages-of", earning.tess_staff.pk)))
    for words in (
        "€60.00 not paid yet",
        "€45.00 each time",
        "€45.00",
        "€15.00",
        "&lt;b&gt;",
        "Speech therapy",
        "New rate",
    ):
        assert words in page, words


def test_everybody_else_reads_their_own_and_changes_nothing(earning, visit):
    browser = visit(earning.tess)
    assert browser.get(url("wages"))["Location"] == url("wages-of", earning.tess_staff.pk)
    page = main_of(browser.get(url("wages-of", earning.tess_staff.pk)))
    assert "Your wages" in page and "€60.00" in page and "New rate" not in page and "<form" not in page
    assert "€60.00" in main_of(browser.get("/dashboard/"))
    assert browser.get(url("wages-of", earning.sam_staff.pk)).status_code == 404
    for name in ("wage-rate-new", "wage-entry-new"):
        for payee in (earning.tess_staff, earning.sam_staff):
            assert browser.get(url(name, payee.pk)).status_code == 403
    assert browser.get(url("payout-runs")).status_code == 403
    assert visit(earning.gus).get(url("wages")).status_code == 404
    assert visit(earning.ada).get(url("wages-of", earning.tess_staff.pk)).status_code == 404


def test_rate_is_set_changed_and_removed(till, visit):
    browser, payee = visit(till.nora), till.tess_staff
    new = url("wage-rate-new", payee.pk)
    assert (
        browser.post(new, {"service": str(till.therapy.pk), "basis": "share", "share": "60", "amount": ""}).status_code
        == 302
    )
    assert browser.post(new, {"service": "", "basis": "hour", "amount": "55,50", "share": ""}).status_code == 302
    assert {(r.service_id, r.amount, r.share and int(r.share)) for r in WageRate.objects.all()} == {
        (till.therapy.pk, None, 60), (None, 5550, None),
    }  # fmt: skip
    page = main_of(browser.get(url("wages-of", payee.pk)))
    assert "60% of the price" in page.replace("\u202f", "").replace(" %", "%") and "€55.50 per hour" in page
    shown = browser.get(f"{new}?service={till.therapy.pk}").content.decode()
    assert 'value="60.00"' in shown
    found = WageRate.objects.get(service=None)
    assert browser.post(url("wage-rate-removal", found.pk)).status_code == 302
    assert WageRate.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"basis": "share", "share": ""}, "share"),
        ({"basis": "share", "share": "101"}, "share"),
        ({"basis": "hour", "amount": ""}, "amount"),
        ({"basis": "hour", "amount": "0"}, "amount"),
        ({"basis": "hour", "amount": "-5"}, "amount"),
        ({"basis": "nothing"}, "basis"),
        ({"basis": "hour", "amount": "5", "service": "01920000-0000-7000-8000-000000000999"}, "service"),
    ],
)
def test_rate_that_cannot_be_is_an_error_at_its_field(till, visit, sent, field):
    answer = visit(till.nora).post(
        url("wage-rate-new", till.tess_staff.pk), {"service": "", "amount": "", "share": "", **sent}
    )
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert not WageRate.objects.exists()


def test_amount_by_hand_is_entered_once_however_often_it_is_sent(till, visit):
    browser, path = visit(till.nora), url("wage-entry-new", till.tess_staff.pk)
    form = {
        "form_key": fields_of(browser.get(path))["form_key"][0],
        "kind": "deduction",
        "amount": "12.50",
        "day": clock.now().date().isoformat(),
        "description": NASTY,
    }
    for _ in range(2):
        assert browser.post(path, form).status_code == 302
    assert WageEntry.objects.get().amount == -1250
    assert "Below zero" in main_of(browser.get(url("wages")))
    fresh = fields_of(browser.get(path))["form_key"][0]
    assert browser.post(path, {**form, "form_key": fresh, "amount": "", "description": ""}).status_code == 422
    assert WageEntry.objects.count() == 1


def test_payout_from_what_was_seen_to_the_statement_of_whoever_earned(earning, visit):
    browser = visit(earning.nora)
    page = browser.get(url("payout-run-new"))
    assert "€60.00" in main_of(page)
    sent = {name: page.context["form"][name].value() for name in ("until", "currency", "seen")}
    made = browser.post(url("payout-run-new"), sent)
    run = PayoutRun.objects.get()
    assert made["Location"] == url("payout-run", run.pk)
    assert "€60.00" in main_of(browser.get(url("payout-run", run.pk)))
    assert "€60.00" in main_of(browser.get(url("payout-runs")))
    mine, own = run.payouts.get(), visit(earning.tess)
    assert own.get(url("payout", mine.pk)).status_code == 404
    table = browser.get(url("payout-run-file", run.pk))
    assert table["Content-Type"].startswith("text/csv") and b"Tess North,60.00,EUR" in table.content

    paid = browser.post(url("payout-run-payment", run.pk), {"paid_on": clock.now().date().isoformat()})

    assert paid["Location"] == url("payout-run", run.pk)
    assert "Note as paid" not in main_of(browser.get(url("payout-run", run.pk)))
    assert "€60.00" in main_of(own.get(url("payout", mine.pk)))
    text, _ = read(own.get(url("payout-document", mine.pk)).content)
    assert "€60.00" in text and "Paid" in text
    text, _ = read(own.get(url("wage-statement", earning.tess_staff.pk)).content)
    assert "€60.00" in text
    assert visit(earning.sam).get(url("payout", mine.pk)).status_code == 404
    removal = browser.post(url("payout-run-removal", run.pk))
    assert removal.status_code == 302 and PayoutRun.objects.exists()


def test_payout_of_what_has_changed_meanwhile_shows_the_new_sums(earning, visit):
    browser = visit(earning.nora)
    page = browser.get(url("payout-run-new"))
    sent = {name: page.context["form"][name].value() for name in ("until", "currency", "seen")}
    enter(earning.tess_staff, 100, by=earning.nora)

    answer = browser.post(url("payout-run-new"), sent)

    assert answer.status_code == 422 and not PayoutRun.objects.exists()
    assert "Amounts have changed meanwhile" in main_of(answer) and "€61.00" in main_of(answer)
    again = {name: answer.context["form"][name].value() for name in ("until", "currency", "seen")}
    assert browser.post(url("payout-run-new"), again).status_code == 302
    assert PayoutRun.objects.get().payouts.get().amount == 6100


@pytest.mark.parametrize("until", ["", "yesterday", "9999-12-31", "0001-01-01"])
def test_payout_up_to_no_day_pays_nobody(earning, visit, until):
    browser = visit(earning.nora)
    assert browser.get(url("payout-run-new"), {"until": until}).status_code == 200
    answer = browser.post(url("payout-run-new"), {"until": until, "currency": "EUR", "seen": ""})
    assert answer.status_code == 422 and not PayoutRun.objects.exists()


def test_two_tabs_note_one_payment(earning, visit):
    run = pay_out(by=earning.nora)
    browser, path = visit(earning.nora), url("payout-run-payment", run.pk)
    stale = browser.get(path)
    runs.note_paid(run=run, paid_on=run.until, by=earning.nora, now=clock.now())
    answer = browser.post(path, {**fields_of(stale), "paid_on": run.until.isoformat()})
    assert answer.status_code == 422 and "It is paid already" in main_of(answer)
    assert browser.get(path)["Location"] == url("payout-run", run.pk)
    assert OutboxMessage.objects.filter(name="wages.mail_payout").count() == 1


@pytest.mark.parametrize(
    "month", ["", "2026-13", "nonsense", "0000-01", "2999-01", "1999-12", "99999999999999999999-01"]
)
def test_month_that_is_none_is_this_one(earning, visit, month):
    page = main_of(visit(earning.tess).get(url("wages-of", earning.tess_staff.pk), {"month": month}))
    assert "€45.00" in page


def test_questions_do_not_grow_with_people_and_entries(earning, visit):
    browser = visit(earning.nora)

    def asked():
        for path in (url("wages"), url("wages-of", earning.tess_staff.pk), url("payout-run-new")):
            browser.get(path)
            with CaptureQueriesContext(connection) as questions:
                browser.get(path)
            yield len(questions)

    few = list(asked())
    for number in range(12):
        user = User.objects.create_user(email=f"p{number}@north.test", name=f"P{number}", time_zone="Europe/Berlin")
        person = StaffMember.objects.create(user=user, role="practitioner")
        rate(person, by=earning.nora)
        enter(person, 100 + number, by=earning.nora)
        enter(earning.tess_staff, 100 + number, by=earning.nora)
        Service.objects.create(name=f"S{number}", amount=1, currency="EUR")
    assert list(asked()) == few


def test_what_is_earned_stands_on_the_appointment_before_and_after(till, visit):
    rate(till.tess_staff, each=4500, by=till.nora)
    booked = book(till, clients=[till.cora], service_id=till.therapy.pk, at=tomorrow(15), by=till.nora)
    path = reverse("scheduling:appointment", args=[booked.pk], urlconf="deploy.urls.tenant")
    for who in (till.tess, till.nora):
        assert "€45.00" in main_of(visit(who).get(path))
    for who in (till.sam, till.gus, till.cora_login):
        assert "€45.00" not in main_of(visit(who).get(path))
    half = CompletionType.objects.create(name="Half", outcome="held", wage_share=50)
    made = appointment_of(till, till.cora)
    form = main_of(visit(till.tess).get(reverse("scheduling:completion", args=[made.pk], urlconf="deploy.urls.tenant")))
    assert "wage €45.00, 100 %" in form and "wage €22.50, 50 %" in form
    complete_appointment(made, completion_type=half, by=till.tess, now=till.now + timedelta(hours=1))
    there = reverse("scheduling:appointment", args=[made.pk], urlconf="deploy.urls.tenant")
    assert "€22.50" in main_of(visit(till.tess).get(there))


def test_rate_that_another_tab_has_changed_is_said_whole(till, visit):
    rate(till.tess_staff, each=4500, by=till.nora)
    browser, new = visit(till.nora), url("wage-rate-new", till.tess_staff.pk)
    stale = fields_of(browser.get(new))
    rate(till.tess_staff, hour=7000, by=till.nora)

    answer = browser.post(new, {**stale, "service": "", "basis": "appointment", "amount": "50", "share": ""})

    assert answer.status_code == 422 and "€70.00 per hour" in main_of(answer)
    assert WageRate.objects.get().amount == 7000
    again = {**fields_of(answer), "service": "", "basis": "appointment", "amount": "50", "share": ""}
    assert browser.post(new, again).status_code == 302
    assert WageRate.objects.get().amount == 5000


def test_rate_in_another_currency_is_not_offered_as_one_in_this(till, visit):
    found = rate(till.tess_staff, each=4500, by=till.nora)
    WageRate.objects.filter(pk=found.pk).update(currency="JPY")
    page = visit(till.nora).get(url("wage-rate-new", till.tess_staff.pk))
    assert page.context["form"]["amount"].value() is None
    assert "¥4,500 each time" in main_of(visit(till.nora).get(url("wages-of", till.tess_staff.pk)))


def test_every_payout_can_be_reached(earning, visit):
    for number in range(13):
        run = PayoutRun.objects.create(
            until=clock.now().date() - timedelta(days=number), currency="EUR", made_by="Nora", made_at=clock.now(),
            paid_on=clock.now().date(), paid_by="Nora", paid_at=clock.now(),
        )  # fmt: skip
        run.payouts.create(practitioner=earning.tess_staff, amount=100 + number, currency="EUR")
    browser, path = visit(earning.tess), url("wages-of", earning.tess_staff.pk)
    first, second = (main_of(browser.get(path, {"page": number})) for number in (1, 2))
    assert "€1.11" in first and "€1.12" not in first and "€1.12" in second


@pytest.mark.parametrize("until", ["", "yesterday", "9999-12-31"])
def test_day_up_to_which_nobody_can_be_paid_is_said(earning, visit, until):
    page = main_of(visit(earning.nora).get(url("payout-run-new"), {"until": until}))
    assert "Choose today or a day before." in page and "Nobody is owed anything" not in page


def test_payout_of_many_has_pages(earning, visit, monkeypatch):
    enter(earning.sam_staff, 100, by=earning.nora)
    run, browser = pay_out(by=earning.nora), visit(earning.nora)
    monkeypatch.setattr("portal.billing.views.payouts.PER_PAGE", 1)
    first, second = (main_of(browser.get(url("payout-run", run.pk), {"page": number})) for number in (1, 2))
    assert all("€61.00" in page for page in (first, second)), "the sum is of all"
    assert ("Sam North" in first, "Sam North" in second) == (True, False)


def test_day_of_an_entry_by_hand_is_the_organizations_wherever_it_is_read(earning, visit):
    User.objects.filter(pk=earning.tess.pk).update(time_zone="Pacific/Kiritimati")
    WageEntry.objects.filter(kind="bonus").update(happened_at=datetime(2026, 11, 20, 12, tzinfo=UTC))
    page = main_of(
        visit(User.objects.get(pk=earning.tess.pk)).get(url("wages-of", earning.tess_staff.pk), {"month": "2026-11"})
    )
    assert "20 November 2026" in page and "21 November 2026" not in page
