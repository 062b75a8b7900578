"""Charges: which price, once, and fixed."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from billing.actions import catalogue, charges
from billing.models import Charge
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from tests.factories.cast import fixed_id
from tests.factories.till import ended, terms


def charge(till, client=None, **more) -> Charge | None:
    return charges.charge_appointment(ended=ended(till, client or till.cora, **more), by=audit.SYSTEM, now=till.now)


def test_appointment_is_charged_at_the_price_of_its_service(till):
    made = charge(till)

    assert (made.price, made.source, made.reason_sentence) == (
        Money(8000, "EUR"),
        "service",
        "the price of Speech therapy.",
    )


def test_own_rate_comes_before_the_service_and_an_amount_set_before_both(till):
    catalogue.set_rate(client=till.cora, service=till.therapy, price=Money(6500, "EUR"), by=till.nora, now=till.now)
    assert charge(till, number=1).amount == 6500

    charges.override_cost(
        appointment_id=fixed_id(502),
        client=till.cora,
        price=Money(2000, "EUR"),
        reason="trial",
        by=till.nora,
        now=till.now,
    )
    assert charge(till, number=2).amount == 2000
    assert charge(till, client=till.cleo, number=2).amount == 8000


def test_completing_twice_charges_once_and_the_first_answer_stands(till):
    first = charge(till)
    catalogue.save_service(terms=terms("Speech therapy", 9900), service=till.therapy, by=till.nora, now=till.now)

    again = charge(till)

    assert again == first and again.amount == 8000
    assert charge(till, number=2).amount == 9900


def test_share_of_the_completion_type_is_charged(till):
    assert charge(till, share=Decimal(50), completion="Late").amount == 4000
    assert charge(till, number=2, share=Decimal(0), completion="Cancelled in time") is None


def test_price_per_hour_follows_the_minutes(till):
    assert charge(till, service_id=till.hourly.pk, minutes=50).amount == 5000


def test_appointment_without_service_is_charged_only_when_an_amount_was_set(till):
    assert charge(till, service_id=None) is None

    charges.override_cost(
        appointment_id=fixed_id(502),
        client=till.cora,
        price=Money(1500, "EUR"),
        reason="intake",
        by=till.nora,
        now=till.now,
    )
    assert charge(till, number=2, service_id=None).amount == 1500


def test_amount_cannot_be_set_after_the_charge(till):
    charge(till)
    with pytest.raises(ConflictError):
        charges.override_cost(
            appointment_id=fixed_id(501),
            client=till.cora,
            price=Money(1, "EUR"),
            reason="late",
            by=till.nora,
            now=till.now,
        )


def test_charge_changes_by_hand_with_a_reason_only(till):
    made = charge(till)
    with pytest.raises(DomainError):
        charges.change_charge(charge=made, price=Money(7000, "EUR"), reason=" ", by=till.nora, now=till.now)

    changed = charges.change_charge(
        charge=made, price=Money(7000, "EUR"), reason="goodwill", by=till.nora, now=till.now
    )

    assert changed.amount == 7000 and "€80.00" in changed.reason_sentence


def test_waived_charge_stays_waived(till):
    made = charges.waive_charge(charge=charge(till), reason="ill", by=till.nora, now=till.now)

    assert made.state == Charge.State.WAIVED
    with pytest.raises(ConflictError):
        charges.waive_charge(charge=made, reason="again", by=till.nora, now=till.now)


@pytest.mark.parametrize("who", ["tess", "sam", "gus", "ada", "cleo_login"])
def test_only_billing_staff_change_prices(till, who):
    catalogue.save_service(terms=terms("Group", 3000), by=till.nora, now=till.now)
    with pytest.raises(PermissionDenied):
        catalogue.save_service(terms=terms("Free", 0), by=getattr(till, who), now=till.now)


def test_two_active_services_cannot_share_a_name(till):
    with pytest.raises(DomainError) as refused:
        catalogue.save_service(terms=terms("Speech therapy", 1), by=till.nora, now=till.now)
    assert refused.value.code == "service_name_taken"
