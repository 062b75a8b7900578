"""What is earned when something ends, and how it is paid out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from billing.actions import catalogue, charges
from billing.actions.catalogue import BillingTerms
from billing.models import Service
from billing.wages import permissions, queries
from billing.wages.actions import entries, rates, runs
from billing.wages.documents import detail, month_file, payout_file
from billing.wages.models import Payout, PayoutRun, WageEntry, WageRate
from billing.wages.rules.wage import Basis, Terms
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent
from core.kernel.money import Money
from core.notifications.models import Notice
from core.people.models import StaffMember
from core.scheduling.actions import cancel_appointment, complete_appointment
from core.scheduling.models import Appointment, CancellationPolicy, CompletionType, PolicyLevel
from tests.billing.pdf_text import BERLIN, read
from tests.broken_audit import assert_nothing_is_written
from tests.factories.scheduling import book, completion_type
from tests.factories.till import appointment_of
from tests.factories.wages import enter, pay_out, rate

NASTY = "周二 🙂 ‏שלום‏ <b>“'&\u200b" + "x" * 120


def kind_of(part: int, client_share: int = 100) -> CompletionType:
    return CompletionType.objects.create(
        name=f"Kind {part} {client_share}", outcome="held", client_share=client_share, wage_share=part
    )


def complete(till, *clients, part: int = 100, **how):
    return complete_appointment(
        appointment_of(till, *clients),
        completion_type=kind_of(part),
        by=till.tess,
        now=till.now + timedelta(hours=1),
        **how,
    )


def earned() -> list[tuple[int, str]]:
    return [(entry.amount, entry.reason_sentence) for entry in WageEntry.objects.order_by("created_at", "pk")]


def test_completion_enters_what_the_rate_says(till):
    rate(till.tess_staff, each=4500, by=till.nora)

    completion = complete(till, till.cora)

    entry = WageEntry.objects.get()
    assert (entry.practitioner, entry.appointment_id) == (till.tess_staff, completion.appointment_id)
    assert (entry.what, entry.minutes, entry.by) == ("Speech therapy", 45, str(till.tess))
    assert earned() == [(4500, "€45.00 each time.")]
    assert AuditEvent.objects.filter(action="wage.entered", subject_id=str(entry.pk)).count() == 1


def test_rate_of_the_service_comes_before_the_one_for_everything_else(till):
    rate(till.tess_staff, each=4500, by=till.nora)
    rate(till.tess_staff, till.therapy, share="30", by=till.nora)
    rate(till.sam_staff, till.therapy, each=100, by=till.nora)

    complete(till, till.cora)

    assert earned() == [(2400, "30 % of the price of €80.00.")]


def test_hours_count_the_minutes_charged(till):
    rate(till.tess_staff, hour=6000, by=till.nora)
    complete(till, till.cora, charged_minutes=50)
    assert earned() == [(5000, "€60.00 per hour, for 50 minutes.")]


def test_share_of_a_group_is_of_all_full_prices_whatever_each_is_charged(till):
    rate(till.tess_staff, share="50", by=till.nora)
    made = appointment_of(till, till.cora, till.cleo)
    charges.override_cost(
        appointment_id=made.pk, client=till.cleo, price=Money(2000, "EUR"), reason="trial", by=till.nora, now=till.now
    )

    complete_appointment(
        made, completion_type=kind_of(100), per_client={till.cora.pk: kind_of(100, client_share=0)}, by=till.tess,
        now=till.now + timedelta(hours=1),
    )  # fmt: skip

    assert earned() == [(5000, "50 % of the price of €100.00.")]


def test_share_is_of_the_price_without_tax(till):
    catalogue.save_settings(terms=BillingTerms(prices_include_tax=True), by=till.nora, now=till.now)
    Service.objects.filter(pk=till.therapy.pk).update(tax_rate=Decimal(19), amount=11900)
    rate(till.tess_staff, share="50", by=till.nora)
    complete(till, till.cora)
    assert earned()[0][0] == 5000


def test_part_of_the_wage_follows_the_completion_type(till):
    rate(till.tess_staff, each=4500, by=till.nora)
    complete(till, till.cora, part=50)
    assert earned() == [(2250, "50 % of €45.00 each time because of “Kind 50 100”.")]


def test_without_a_rate_or_a_price_nothing_is_earned(till):
    complete(till, till.cora)
    rate(till.sam_staff, by=till.nora)
    rate(till.tess_staff, share="30", by=till.nora)
    till.now += timedelta(hours=2)
    made = appointment_of(till, till.cora)
    Appointment.objects.filter(pk=made.pk).update(service_id=None)
    complete_appointment(made, completion_type=kind_of(99), by=till.tess, now=till.now + timedelta(hours=1))

    assert earned() == []


def test_plan_without_billing_earns_nothing(till):
    rate(till.tess_staff, by=till.nora)
    till.north.known_allowances = {"staff": 2}
    complete(till, till.cora)
    assert not WageEntry.objects.exists()


def test_later_rate_leaves_what_was_earned(till):
    rate(till.tess_staff, each=4500, by=till.nora)
    complete(till, till.cora)
    rate(till.tess_staff, each=9900, by=till.nora)
    assert earned()[0][0] == 4500


def late_policy(cast, part: int) -> None:
    policy = CancellationPolicy.objects.create(adopted_at=clock.now(), adopted_by_name="Nora")
    PolicyLevel.objects.create(
        policy=policy, position=1, hours_before=600, completion_type=completion_type("Cancelled late - half"),
        client_share=50, wage_share=part,
    )  # fmt: skip


def test_late_cancellation_earns_the_part_of_its_policy(cast):
    late_policy(cast, 40)
    rate(cast.tess_staff, each=5000, by=cast.nora)

    cancel_appointment(book(cast), by=cast.tess, party="client", now=clock.now())

    entry = WageEntry.objects.get()
    assert (entry.amount, entry.kind) == (2000, "cancellation")
    assert detail(entry).startswith("Cancelled late: 40 % of €50.00 each time")


def test_waived_cancellation_earns_nothing(cast):
    late_policy(cast, 40)
    rate(cast.tess_staff, each=5000, by=cast.nora)
    cancel_appointment(book(cast), by=cast.tess, party="client", waiver_reason="ill", now=clock.now())
    assert not WageEntry.objects.exists()


@pytest.mark.parametrize(("how", "amount"), [({"each": 5000}, None), ({"share": "50"}, 2000)])
def test_place_of_a_group_that_goes_on_earns_a_share_only(till, how, amount):
    late_policy(till, 50)
    rate(till.tess_staff, by=till.nora, **how)
    group = book(
        till, clients=[till.cora, till.cleo], service_id=till.therapy.pk, by=till.nora, large_group_confirmed=True
    )
    leaving = group.participants.get(client=till.cora)

    cancel_appointment(group, participant=leaving, by=till.nora, party="client", now=clock.now())

    found = WageEntry.objects.filter(place_of=till.cora.pk).first()
    assert (found.amount if found else None) == amount


def test_first_answer_stands(till):
    rate(till.tess_staff, by=till.nora)
    completion = complete(till, till.cora)
    again = entries.enter_wage(
        completion.appointment, [till.cora], minutes=9, part=Decimal(1), completion="", by=till.nora, now=clock.now()
    )
    assert again == WageEntry.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        WageEntry.objects.create(
            practitioner=till.tess_staff, appointment_id=completion.appointment_id, kind="appointment",
            happened_at=till.now, amount=1, currency="EUR",
        )  # fmt: skip


@pytest.mark.parametrize(("cents", "stands"), [(1500, 1500), (-1500, -1500)])
def test_entry_by_hand_has_its_sign(till, cents, stands):
    entry = enter(till.tess_staff, cents, by=till.nora, what=NASTY)
    assert (entry.amount, entry.what) == (stands, NASTY)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "appointment"}, "wage_kind_invalid"),
        ({"amount": Money(0, "EUR")}, "wage_amount_missing"),
        ({"day": 1}, "wage_day_invalid"),
        ({"day": -400}, "wage_day_invalid"),
        ({"description": " \u200b"}, "wage_description_invalid"),
        ({"description": "x" * 201}, "wage_description_invalid"),
        ({"description": "Well\x00done"}, "control_characters"),
    ],
)
def test_entry_by_hand_that_cannot_be_is_refused(till, wrong, code):
    now = clock.now()
    values = {"kind": "bonus", "amount": Money(100, "EUR"), "day": 0, "description": "Well done", **wrong}
    values["day"] = now.date() + timedelta(days=values["day"])
    with pytest.raises(DomainError) as refused:
        entries.enter_by_hand(practitioner=till.tess_staff, **values, by=till.nora, now=now)
    assert refused.value.code == code
    assert not WageEntry.objects.exists()


@pytest.fixture
def owed(till):
    """Tess is owed 70.00, Sam 20.00 below zero, Nora 5.00 of ten days ago."""
    enter(till.tess_staff, 4500, by=till.nora)
    enter(till.tess_staff, 2500, by=till.nora)
    enter(till.sam_staff, 1000, by=till.nora)
    enter(till.sam_staff, -3000, by=till.nora)
    enter(till.nora.staff, 500, by=till.nora, days_ago=10)
    return till


def test_payout_takes_sums_above_zero_and_leaves_the_others(owed):
    run = pay_out(by=owed.nora)

    assert {(each.practitioner, each.amount) for each in run.payouts.all()} == {
        (owed.tess_staff, 7000),
        (owed.nora.staff, 500),
    }
    assert sorted(WageEntry.objects.filter(payout=None).values_list("amount", flat=True)) == [-3000, 1000]
    assert {(each.practitioner_id, each.money.amount) for each in queries.balances(StaffMember.objects.all())} == {
        (owed.tess_staff.pk, 7000), (owed.nora.staff.pk, 500), (owed.sam_staff.pk, -2000),
    }  # fmt: skip


def test_payout_ends_with_its_day(owed):
    until = clock.now().date() - timedelta(days=5)
    sums = queries.sums_to_pay(until=until, currency="EUR")
    assert [(person, total.amount) for person, total in sums.paid.items()] == [(owed.nora.staff.pk, 500)]


def test_payout_of_other_sums_than_were_seen_is_refused(owed):
    with pytest.raises(ConflictError) as refused:
        runs.make_run(until=clock.now().date(), currency="EUR", seen="other", by=owed.nora, now=clock.now())
    assert refused.value.code == "sums_changed"
    assert not PayoutRun.objects.exists()


def test_payout_of_nothing_or_of_days_to_come_is_refused(owed):
    now = clock.now()
    for until, currency, code in (
        (now.date() + timedelta(days=2), "EUR", "payout_day_invalid"),
        (now.date(), "JPY", "nothing_to_pay"),
    ):
        with pytest.raises(DomainError) as refused:
            runs.make_run(until=until, currency=currency, seen="", by=owed.nora, now=now)
        assert refused.value.code == code


def test_second_payout_finds_nothing_left(owed):
    pay_out(by=owed.nora)
    with pytest.raises(DomainError) as refused:
        pay_out(by=owed.nora)
    assert refused.value.code == "nothing_to_pay"


def test_thrown_away_is_owed_as_before(owed):
    run = pay_out(by=owed.nora)
    runs.discard_run(run=run, by=owed.nora, now=clock.now())
    assert not Payout.objects.exists()
    assert WageEntry.objects.filter(payout=None).count() == 5
    with pytest.raises(ConflictError) as refused:
        runs.note_paid(run=run, paid_on=clock.now().date(), by=owed.nora, now=clock.now())
    assert refused.value.code == "payout_gone"


def test_paid_is_paid_and_everybody_in_it_is_told(owed):
    run = pay_out(by=owed.nora)
    runs.note_paid(run=run, paid_on=run.until, by=owed.nora, now=clock.now())
    while outbox.deliver_due():
        pass

    told = {message.to[0]: message for message in mail.outbox if "are paid" in message.subject}
    assert set(told) == {"Tess North <tess@north.test>", "Nora North <nora@north.test>"}
    body = told["Tess North <tess@north.test>"].body
    assert (
        "70.00" not in body and f"/billing/wages/payments/{run.payouts.get(practitioner=owed.tess_staff).pk}/" in body
    )
    assert Notice.objects.filter(kind="payout_paid", user_id=owed.tess.pk).count() == 1
    for act in (runs.discard_run, lambda **how: runs.note_paid(paid_on=run.until, **how)):
        with pytest.raises(ConflictError) as refused:
            act(run=run, by=owed.nora, now=clock.now())
        assert refused.value.code == "payout_paid"
    assert [balance.money.amount for balance in queries.balances(StaffMember.objects.all())] == [-2000]


@pytest.mark.parametrize("days", [-1, 1])
def test_day_of_payment_lies_between_the_end_and_today(owed, days):
    run = pay_out(by=owed.nora)
    with pytest.raises(DomainError) as refused:
        runs.note_paid(run=run, paid_on=run.until + timedelta(days=days), by=owed.nora, now=clock.now())
    assert refused.value.code == "payout_day_invalid"
    run.refresh_from_db()
    assert not run.is_paid


def test_mail_waits_for_nobody_whose_login_is_off(owed):
    run = pay_out(by=owed.nora)
    runs.note_paid(run=run, paid_on=run.until, by=owed.nora, now=clock.now())
    owed.tess.is_active = False
    owed.tess.save()
    while outbox.deliver_due():
        pass
    assert not [message for message in mail.outbox if "tess@" in message.to[0]]


def test_whose_wages_who_sees(owed):
    run = pay_out(by=owed.nora)
    own = run.payouts.get(practitioner=owed.tess_staff)
    assert list(permissions.payees_visible_to(owed.tess)) == [owed.tess_staff]
    assert set(permissions.payees_visible_to(owed.nora)) == {owed.tess_staff, owed.sam_staff, owed.nora.staff}
    assert not permissions.payees_visible_to(owed.gus).exists()
    with pytest.raises(NotFound):
        permissions.get_payee(owed.tess, owed.sam_staff.pk)
    with pytest.raises(NotFound):  # because it is not paid yet
        permissions.get_payout(owed.tess, own.pk)
    runs.note_paid(run=run, paid_on=run.until, by=owed.nora, now=clock.now())
    assert permissions.get_payout(owed.tess, own.pk) == own
    with pytest.raises(NotFound):
        permissions.get_payout(owed.sam, own.pk)
    with pytest.raises(PermissionDenied):
        permissions.get_payee_to_manage(owed.tess, owed.tess_staff.pk)


ACTS = {
    "set a rate": lambda b, how: rates.set_rate(
        practitioner=b.sam_staff, service=b.therapy, terms=Terms(Basis.HOUR, Money(1, "EUR")), **how
    ),
    "remove a rate": lambda b, how: rates.remove_rate(rate=b.rate, **how),
    "enter by hand": lambda b, how: entries.enter_by_hand(
        practitioner=b.sam_staff, kind="bonus", amount=Money(1, "EUR"), description="x", day=clock.now().date(), **how
    ),
    "make a payout": lambda b, how: runs.make_run(
        until=clock.now().date(), currency="EUR", seen=b.seen, **how
    ),
    "throw a payout away": lambda b, how: runs.discard_run(run=b.run, **how),
    "note a payout as paid": lambda b, how: runs.note_paid(run=b.run, paid_on=b.run.until, **how),
}  # fmt: skip


@pytest.fixture
def books(owed):
    owed.rate = rate(owed.tess_staff, by=owed.nora)
    owed.run = pay_out(by=owed.nora)
    enter(owed.tess_staff, 900, by=owed.nora)
    owed.seen = queries.payout.fingerprint(queries.sums_to_pay(until=clock.now().date(), currency="EUR"))
    return owed


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_nothing_is_done_that_cannot_be_noted(books, act, monkeypatch):
    assert_nothing_is_written(lambda: act(books, {"by": books.nora, "now": clock.now()}), monkeypatch)


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_only_whoever_manages_wages_does_it(books, act):
    with pytest.raises(PermissionDenied):
        act(books, {"by": books.tess, "now": clock.now()})


def test_completion_that_cannot_be_noted_enters_no_wage(till, monkeypatch):
    rate(till.tess_staff, by=till.nora)
    made, kind = appointment_of(till, till.cora), kind_of(100)
    assert_nothing_is_written(
        lambda: complete_appointment(made, completion_type=kind, by=till.tess, now=till.now + timedelta(hours=1)),
        monkeypatch,
    )


def test_statement_says_what_why_and_how_much(till):
    till.tess.name = "Tess 周二 🙂 שלום"
    till.tess.save()
    till.tess_staff.user = till.tess
    rate(till.tess_staff, hour=6000, by=till.nora)
    complete(till, till.cora)
    enter(till.tess_staff, -500, by=till.nora, what=NASTY)
    first = till.now.date().replace(day=1)
    found = list(WageEntry.objects.select_related("payout__run"))

    text, _ = read(month_file(till.tess_staff, first, found, BERLIN, now=clock.now()))

    for words in (
        "North Practice",
        "Wage statement",
        "Tess",
        "Speech therapy",
        "€60.00 per hour",
        "€45.00",
        "€40.00",
        "Deduction",
    ):
        assert words in text, words
    WageEntry.objects.update(happened_at=clock.now())
    run = pay_out(by=till.nora)
    text, _ = read(payout_file(run.payouts.select_related("run", "practitioner__user").get(), BERLIN))
    assert "Not paid yet" in text and "€40.00" in text
    assert not text.count("Cora"), "no client stands on it"


def test_rate_that_is_gone_is_removed_once(till):
    found = rate(till.tess_staff, by=till.nora)
    rates.remove_rate(rate=WageRate.objects.get(pk=found.pk), by=till.nora, now=clock.now())
    with pytest.raises(NotFound):
        rates.remove_rate(rate=found, by=till.nora, now=clock.now())
    assert AuditEvent.objects.filter(action="wage_rate.removed").count() == 1


def test_what_is_earned_by_an_appointment_is_its_present_practitioners(till):
    """A place that was cancelled late while somebody else ran the group is that one's."""
    rate(till.tess_staff, share="50", by=till.nora)
    rate(till.sam_staff, share="50", by=till.nora)
    completion = complete(till, till.cora)
    made = completion.appointment
    WageEntry.objects.create(
        practitioner=till.sam_staff, kind="cancellation", appointment_id=made.pk, place_of=till.cleo.pk,
        happened_at=till.now, amount=1234, currency="EUR",
    )  # fmt: skip

    assert queries.earned_by_appointment(made) == Money(4000, "EUR")
    made.practitioner = till.sam_staff
    assert queries.earned_by_appointment(made) == Money(1234, "EUR")


def test_statement_of_a_month_names_the_month_and_no_day(till):
    enter(till.tess_staff, 500, by=till.nora)
    found = list(WageEntry.objects.select_related("payout__run"))
    text, _ = read(month_file(till.tess_staff, date(2026, 11, 1), found, BERLIN, now=clock.now()))
    assert "November 2026" in text and "1 November 2026" not in text


def test_one_rate_for_everything_else_is_kept_once(till):
    first = rate(till.tess_staff, each=100, by=till.nora)
    second = rate(till.tess_staff, share="20", by=till.nora)
    assert (first.pk, WageRate.objects.get().share) == (second.pk, Decimal(20))
    with pytest.raises(IntegrityError), transaction.atomic():
        WageRate.objects.create(practitioner=till.tess_staff, basis="hour", amount=1, currency="EUR")
