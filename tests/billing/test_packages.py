"""Packages: sold, used, given back, frozen, transferred, refunded, expired; and what is told of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.actions import catalogue as books
from billing.actions import charges, invoices
from billing.actions.catalogue import BillingTerms
from billing.models import Charge, Invoice
from billing.packages import permissions, queries
from billing.packages.actions import catalogue, changes, sales, use
from billing.packages.models import Package, Purchase, UnitEntry
from billing.packages.rules.package_terms import Period, Validity
from billing.packages.rules.unit_use import Unit
from billing.queries.invoices import is_paid_appointment
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent
from core.kernel.money import Money
from core.people.models import Client, LinkedLogin
from core.scheduling.actions import cancel_appointment, complete_appointment
from core.scheduling.models import Appointment, CancellationPolicy, CompletionType, PolicyLevel
from tests.broken_audit import assert_nothing_is_written
from tests.factories.packages import charge, hours, left, offer, pay, rows_of, sell, settings_of
from tests.factories.scheduling import completion_type
from tests.factories.till import appointment_of, ended

NASTY = "周二 🙂 ‏שלום‏ <b>“'&\u200b"


def test_sale_makes_an_invoice_and_units_once_it_is_paid(till):
    package = offer(by=till.nora, now=till.now, tax_rate=Decimal(19))
    purchase = sales.sell_package(package=package, client=till.cora, by=till.nora, now=till.now)

    invoice = purchase.invoice
    assert (invoice.state, invoice.payer_user, invoice.total) == ("open", till.gus, Money(83300, "EUR"))
    line = invoice.lines.get()
    assert (line.description, line.detail) == ("Ten at once", "10 appointments, valid until 20 February 2027")
    assert (purchase.is_released, rows_of(purchase)) == (False, [])
    assert charge(till).state == "open"

    pay(purchase, by=till.nora, now=till.now)
    purchase.refresh_from_db()
    assert (purchase.is_released, rows_of(purchase)) == (True, [("bought", 1000, 70000)])
    assert purchase.expires_on == date(2027, 2, 20)
    assert set(AuditEvent.objects.filter(action__startswith="package.").values_list("action", flat=True)) == {
        "package.added", "package.sold", "package.released"
    }  # fmt: skip


def test_units_are_there_when_it_is_issued_where_that_is_the_policy(till):
    settings_of(till, "issued")
    purchase = sell(offer(by=till.nora, now=till.now), till.cora, by=till.nora, now=till.now, paid=False)
    assert (purchase.is_released, left(purchase)) == (True, 1000)


def test_completion_takes_a_unit_before_money(ten):
    made = appointment_of(ten, ten.cora)
    complete_appointment(
        made, completion_type=completion_type("Completed"), by=ten.tess, now=ten.now + timedelta(hours=1)
    )

    found = Charge.objects.get()
    assert (found.amount, found.state, found.source) == (0, "met", "package")
    assert found.reason_sentence == "Paid from the package “Ten at once”."
    assert rows_of(ten.ten) == [("bought", 1000, 70000), ("used", -100, -7000)]
    entry = UnitEntry.objects.get(kind="used")
    assert (entry.appointment_id, entry.charge, entry.met_amount) == (made.pk, found, 8000)
    paid = is_paid_appointment(Client.objects.filter(pk=ten.cora.pk))
    assert Appointment.objects.filter(pk=made.pk).annotate(paid=paid).get().paid


def test_met_charge_is_on_no_invoice(ten):
    books.save_settings(terms=BillingTerms(invoice_at_completion=True), by=ten.nora, now=ten.now)
    made = appointment_of(ten, ten.cora, ten.cleo)
    complete_appointment(
        made, completion_type=completion_type("Completed"), by=ten.tess, now=ten.now + timedelta(hours=1)
    )
    met = Charge.objects.get(client=ten.cora)
    assert met.state == "met" and not met.lines.exists()
    with pytest.raises(ConflictError):
        invoices.invoice_charges(charges=[met], by=ten.nora, now=ten.now)
    for act in (charges.change_charge, charges.waive_charge):
        more = {"price": Money(100, "EUR")} if act is charges.change_charge else {}
        with pytest.raises(ConflictError):
            act(charge=met, reason="x", by=ten.nora, now=ten.now, **more)
    assert Charge.objects.get(client=ten.cleo).state == "invoiced"


def test_late_cancellation_takes_the_share_of_a_unit(ten):
    late = CompletionType.objects.create(name="Late", outcome="cancelled", client_share=50, wage_share=0)
    policy = CancellationPolicy.objects.create(adopted_at=ten.now, adopted_by_name="Nora")
    PolicyLevel.objects.create(
        policy=policy, position=1, hours_before=600, completion_type=late, client_share=50, wage_share=0
    )
    made = appointment_of(ten, ten.cora)
    Appointment.objects.filter(pk=made.pk).update(policy=policy)
    made.refresh_from_db()
    cancel_appointment(made, party="client", by=ten.tess, now=ten.now - timedelta(hours=1))
    assert left(ten.ten) == 950
    assert Charge.objects.get().state == "met"


def test_only_what_it_is_for_is_met(till):
    package = offer(by=till.nora, now=till.now, services=[till.hourly])
    sell(package, till.cora, by=till.nora, now=till.now)
    assert charge(till, 1).state == "open"
    assert charge(till, 2, service_id=till.hourly.pk).state == "met"
    assert charge(till, 3, client=till.cleo, service_id=till.hourly.pk).state == "open"


def test_what_is_not_enough_is_charged_with_the_reason(till):
    purchase = sell(
        offer("One hour", by=till.nora, now=till.now, **hours(1, 7000)), till.cora, by=till.nora, now=till.now
    )
    assert charge(till, 1).state == "met"
    second = charge(till, 2)
    assert (second.amount, second.state) == (5333, "open")  # 15 of 45 minutes
    assert second.reason_sentence == ("€26.67 of it is paid from the package “One hour”. the price of Speech therapy.")
    assert left(purchase) == 0 and charge(till, 3).amount == 8000


def test_amount_set_by_hand_is_charged(ten):
    charges.override_cost(
        appointment_id=ended(ten, ten.cora).appointment_id, client=ten.cora, price=Money(2000, "EUR"), reason="trial",
        by=ten.nora, now=ten.now,
    )  # fmt: skip
    assert charge(ten).amount == 2000 and left(ten.ten) == 1000


def test_package_that_ends_first_is_used_first(ten):
    other = sell(
        offer("Soon", by=ten.nora, now=ten.now, validity=Validity(5, Period.DAYS)), ten.cora, by=ten.nora, now=ten.now
    )
    charge(ten)
    assert (left(other), left(ten.ten)) == (900, 1000)


def test_what_ended_or_is_frozen_on_that_day_meets_nothing(ten):
    today = queries.day_of(ten.now)
    changes.freeze(
        purchase=ten.ten, first=today, last=today + timedelta(days=6), reason="ill", by=ten.nora, now=ten.now
    )
    ten.ten.refresh_from_db()
    assert ten.ten.expires_on == date(2027, 2, 27)
    assert charge(ten, 1).state == "open"
    assert charge(ten, 2, starts_at=ten.now + timedelta(days=7)).state == "met"
    assert charge(ten, 3, starts_at=ten.now + timedelta(days=99)).state == "met"
    assert charge(ten, 4, starts_at=ten.now + timedelta(days=100)).state == "open"


def test_freeze_ends_early_and_its_days_come_off_again(ten):
    today = queries.day_of(ten.now)
    facts = {"purchase": ten.ten, "reason": NASTY, "by": ten.nora}
    changes.freeze(first=today, last=today + timedelta(days=9), now=ten.now, **facts)
    with pytest.raises(ConflictError):
        changes.freeze(first=today, last=today, now=ten.now, **facts)
    changes.resume(purchase=ten.ten, by=ten.nora, now=ten.now + timedelta(days=4))
    ten.ten.refresh_from_db()
    assert ten.ten.expires_on == date(2027, 2, 24)
    assert sum(row.days for row in ten.ten.entries.all()) == 4
    with pytest.raises(ConflictError):
        changes.resume(purchase=ten.ten, by=ten.nora, now=ten.now + timedelta(days=4))


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 366), (200, 201)])
def test_freeze_that_cannot_be(ten, first, last):
    today = queries.day_of(ten.now)
    with pytest.raises((DomainError, ConflictError)):
        changes.freeze(
            purchase=ten.ten, first=today + timedelta(days=first), last=today + timedelta(days=last), reason="x",
            by=ten.nora, now=ten.now,
        )  # fmt: skip
    assert not ten.ten.entries.filter(kind="frozen").exists()


def test_weekly_limit(till):
    package = offer(by=till.nora, now=till.now, weekly_limit=Decimal(2))
    purchase = sell(package, till.cora, by=till.nora, now=till.now)
    states = [charge(till, number).state for number in range(1, 4)]
    assert states == ["met", "met", "open"]
    assert charge(till, 9, starts_at=till.now + timedelta(days=7)).state == "met"
    use.return_units(
        charge=Charge.objects.filter(state="met").order_by("pk").first(), then=use.WAIVE, reason="error", by=till.nora,
        now=till.now,
    )  # fmt: skip
    assert left(purchase) == 800


def test_units_are_given_back_once(ten):
    met = charge(ten)
    use.return_units(charge=met, then=use.CHARGE, reason="not held", by=ten.nora, now=ten.now)
    met.refresh_from_db()
    assert (met.amount, met.state) == (8000, "open")
    assert met.reason_sentence == "Given back to the package: not held"
    assert rows_of(ten.ten)[1:] == [("used", -100, -7000), ("returned", 100, 7000)]
    with pytest.raises(ConflictError):
        use.return_units(charge=met, then=use.CHARGE, reason="again", by=ten.nora, now=ten.now)
    invoice = invoices.invoice_charges(charges=[met], by=ten.nora, now=ten.now)
    assert invoice.total == Money(8000, "EUR")


def test_part_that_is_billed_already_keeps_its_units(till):
    sell(offer("One hour", by=till.nora, now=till.now, **hours(1, 7000)), till.cora, by=till.nora, now=till.now)
    charge(till, 1)
    second = charge(till, 2)
    invoices.invoice_charges(charges=[second], by=till.nora, now=till.now)
    with pytest.raises(ConflictError) as refusal:
        use.return_units(charge=second, then=use.WAIVE, reason="x", by=till.nora, now=till.now)
    assert refusal.value.code == "charge_not_open"


def test_payer_buys_by_themselves(till):
    package = offer(by=till.nora, now=till.now, is_online=True)
    assert {client.pk for client in permissions.clients_bought_for_by(till.gus)} == {till.cora.pk}
    purchase = sales.buy_package(package=package, client=till.cora, by=till.cora_login, now=till.now)
    assert (purchase.invoice.payer_user, purchase.invoice.state) == (till.cora_login, "open")
    bought = sales.buy_package(package=package, client=till.cleo, by=till.ada, now=till.now)
    assert (bought.invoice.payer_kind, bought.invoice.payer_user) == ("agent", till.ada)
    for who, client in (
        (till.gus, till.cleo),
        (till.cleo_login, till.cleo),
        (till.ada, till.cora),
        (till.nora, till.cora),
    ):
        with pytest.raises(NotFound):
            sales.buy_package(package=package, client=client, by=who, now=till.now)
    Package.objects.update(is_online=False)
    with pytest.raises(ConflictError):
        sales.buy_package(package=package, client=till.cora, by=till.gus, now=till.now)


def test_nothing_is_sold_to_who_is_not_active_or_what_is_off_sale(till):
    package = offer(by=till.nora, now=till.now)
    Client.objects.filter(pk=till.cora.pk).update(status="inactive")
    till.cora.refresh_from_db()
    with pytest.raises(DomainError) as refusal:
        sales.sell_package(package=package, client=till.cora, by=till.nora, now=till.now)
    assert (refusal.value.code, refusal.value.field) == ("client_inactive", "client")
    Package.objects.update(is_active=False)
    with pytest.raises(ConflictError):
        sales.sell_package(package=package, client=till.cleo, by=till.nora, now=till.now)
    with pytest.raises(PermissionDenied):
        sales.sell_package(package=package, client=till.cleo, by=till.tess, now=till.now)
    assert not Purchase.objects.exists() and not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"price": Money(0, "EUR")}, "price"),
        ({"price": Money(10**12, "EUR")}, "price"),
        ({"units": Decimal(0)}, "units"),
        ({"units": Decimal("1.5")}, "units"),
        ({"unit": Unit.MONEY, "units": Decimal("0.005")}, "units"),
        ({"weekly_limit": Decimal(11)}, "weekly_limit"),
        ({"weekly_limit": Decimal(0)}, "weekly_limit"),
        ({"validity": Validity(0)}, "valid_count"),
        ({"validity": Validity(121)}, "valid_count"),
        ({"services": []}, "services"),
        ({"name": "  "}, "name"),
    ],
)
def test_offer_that_cannot_be(till, terms, field):
    with pytest.raises(DomainError) as refusal:
        offer(**{"name": "X"} | terms, by=till.nora, now=till.now)
    assert refusal.value.field == field and not Package.objects.exists()


def test_name_is_once_and_survives(till):
    assert offer(NASTY, by=till.nora, now=till.now).name == NASTY
    with pytest.raises(DomainError) as refusal:
        offer(NASTY, by=till.nora, now=till.now)
    assert refusal.value.code == "package_name_taken"


def test_change_of_an_offer_leaves_what_was_sold(ten):
    catalogue.save_package(
        terms=catalogue.PackageTerms("Five", Money(100, "EUR"), Decimal(5), services=[ten.hourly]), package=ten.package,
        by=ten.nora, now=ten.now,
    )  # fmt: skip
    ten.ten.refresh_from_db()
    assert (ten.ten.units, ten.ten.amount, ten.ten.name, ten.ten.covers_all) == (1000, 70000, "Ten at once", True)


def test_service_that_is_taken_off_keeps_the_package_narrow(till):
    purchase = sell(offer(by=till.nora, now=till.now, services=[till.hourly]), till.cora, by=till.nora, now=till.now)
    till.hourly.delete()
    assert charge(till).state == "open" and left(purchase) == 1000


def test_other_currency_and_other_units(till):
    money = {"unit": Unit.MONEY, "units": Decimal(1000), "price": Money(90000, "USD")}
    dollars = sell(offer("Dollars", by=till.nora, now=till.now, **money), till.cora, by=till.nora, now=till.now)
    assert charge(till).state == "open" and left(dollars) == 100000
    money = {"unit": Unit.MONEY, "units": Decimal(100), "price": Money(9000, "EUR")}
    euros = sell(offer("Euros", by=till.nora, now=till.now, **money), till.cora, by=till.nora, now=till.now)
    assert charge(till, 2).state == "met" and left(euros) == 2000
    assert charge(till, 3).amount == 6000


def test_forecast_is_of_what_is_booked(till):
    purchase = sell(offer(by=till.nora, now=till.now, units=Decimal(2)), till.cora, by=till.nora, now=till.now)
    booked, now = [], till.now
    for days in (1, 2, 3):
        till.now = now + timedelta(days=days)
        booked.append(appointment_of(till, till.cora))
    forecast = queries.forecast_of(till.cora, now=now)
    assert (forecast.dates, forecast.next, forecast.last, forecast.uncovered) == (
        2, booked[0].starts_at, booked[1].starts_at, booked[2].starts_at
    )  # fmt: skip
    [(client, first, met)] = queries.met_if_held(booked[0], [till.cora])
    assert (client, first, met.left) == (till.cora, purchase, Money(0, "EUR"))


def test_rows_are_append_only_and_never_below_zero(ten):
    row = UnitEntry.objects.get()
    for spoil in (
        lambda: UnitEntry.objects.update(units=5),
        lambda: UnitEntry.objects.all().delete(),
        lambda: UnitEntry.objects.create(
            purchase=ten.ten, position=row.position, kind="used", units=-1, value=0, happened_on=row.happened_on,
            at=ten.now, by="x",
        ),
        lambda: UnitEntry.objects.create(
            purchase=ten.ten, position=9, kind="used", units=1, value=0, happened_on=row.happened_on, at=ten.now, by="x"
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()


ACTS = st.lists(
    st.tuples(st.sampled_from(["use", "half", "return", "freeze", "transfer", "expire"]), st.integers(0, 5)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_random_histories_lose_nothing(ten, acts):
    """Whatever is done to a package: its rows add up, never below zero, and are worth what is left."""
    with transaction.atomic():
        purchase = sell(Package.objects.get(), ten.cora, by=ten.nora, now=ten.now)
        sister = Client.objects.create(first_name="Sis", last_name="Winter", time_zone="Europe/Berlin")
        LinkedLogin.objects.create(user=ten.gus, client=sister, relationship="guardian")
        numbers = iter(range(1000, 2000))
        for act, size in acts:
            _do(ten, purchase, sister, act, size, numbers)
            for each in Purchase.objects.filter(is_released=True):
                rows = list(each.entries.order_by("position"))
                sums = [sum(row.units for row in rows[:place]) for place in range(1, len(rows) + 1)]
                assert min(sums) >= 0
                assert sum(row.value for row in rows) == queries.value_left(each, sums[-1]).amount
        everything = UnitEntry.objects.exclude(kind__in=["bought", "transferred"])
        bought = Purchase.objects.filter(transferred_from=None).count()
        gone = sum(row.units for row in everything)
        assert sum(queries.units_left(Purchase.objects.all()).values()) == bought * 1000 + gone
        transaction.set_rollback(True)


def _do(till, purchase, sister, act, size, numbers):
    met = Charge.objects.filter(state="met").order_by("pk")
    try:
        if act in ("use", "half"):
            share = {"share": Decimal(50), "completion": "Late"} if act == "half" else {}
            charge(till, next(numbers), client=till.cora if size else sister, **share)
        elif act == "return" and met.exists():
            use.return_units(charge=met[size % len(met)], then=use.WAIVE, reason="x", by=till.nora, now=till.now)
        elif act == "transfer":
            changes.transfer(purchase=purchase, client=sister, units=100 * size, reason="x", by=till.nora, now=till.now)
        elif act == "freeze":
            today = queries.day_of(till.now)
            changes.freeze(
                purchase=purchase, first=today + timedelta(days=1), last=today + timedelta(days=1 + size), reason="x",
                by=till.nora, now=till.now,
            )  # fmt: skip
        elif act == "expire":
            changes.expire_packages(now=till.now + timedelta(days=90 + 5 * size))
    except (DomainError, ConflictError):
        pass


@pytest.mark.parametrize(
    "act", ["offer", "settings", "sell", "buy", "charge", "return", "freeze", "transfer", "refund", "expire"]
)
def test_act_that_cannot_be_noted_does_not_happen(ten, act, monkeypatch):
    met = charge(ten)
    Package.objects.update(is_online=True)
    sister = Client.objects.create(first_name="Sis", last_name="Winter", time_zone="Europe/Berlin")
    LinkedLogin.objects.create(user=ten.gus, client=sister, relationship="guardian")
    today, how = queries.day_of(ten.now), {"by": ten.nora, "now": ten.now}
    acts = {
        "offer": lambda: offer("Other", **how),
        "settings": lambda: settings_of(ten, "issued"),
        "sell": lambda: sales.sell_package(package=ten.package, client=ten.cora, **how),
        "buy": lambda: sales.buy_package(package=ten.package, client=ten.cora, by=ten.gus, now=ten.now),
        "charge": lambda: charge(ten, 2),
        "return": lambda: use.return_units(charge=met, then=use.CHARGE, reason="x", **how),
        "freeze": lambda: changes.freeze(purchase=ten.ten, first=today, last=today, reason="x", **how),
        "transfer": lambda: changes.transfer(purchase=ten.ten, client=sister, units=100, reason="x", **how),
        "refund": lambda: changes.refund_left(purchase=ten.ten, how=changes.CREDIT, reason="x", **how),
        "expire": lambda: changes.expire_packages(now=ten.now + timedelta(days=200)),
    }
    assert_nothing_is_written(acts[act], monkeypatch)


def test_system_may_sell_nothing_in_a_plan_without_billing(till, monkeypatch):
    package = offer(by=till.nora, now=till.now)
    monkeypatch.setattr("tenants.entitlements.allows", lambda *_: False)
    with pytest.raises(DomainError):
        sales.sell_package(package=package, client=till.cora, by=audit.SYSTEM, now=till.now)
