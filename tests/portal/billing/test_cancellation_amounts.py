"""Before a late cancellation people read what it costs, as an amount where that is known, and only where they may see costs."""

from datetime import timedelta

import pytest

from billing.actions import catalogue, charges
from billing.models import Charge
from core.kernel import clock
from core.kernel.money import Money
from core.people.models import Assignment
from core.scheduling.actions import adopt_policy, allow_client_cancellations
from tests.factories.scheduling import book, completion_type


@pytest.fixture
def soon(till):
    """Cora's therapy in six hours; cancelling now costs half of 80 euros."""
    half = completion_type("Cancelled late - half")
    adopt_policy(levels=[(24, half)], by=till.nora, now=clock.now())
    allow_client_cancellations(True, by=till.nora, now=clock.now())
    till.cora.permissions = [*till.cora.permissions, "cancel_appointments"]
    till.cora.save()
    Assignment.objects.create(client=till.cora, practitioner=till.tess_staff)
    return lambda **more: book(
        till,
        at=clock.now() + timedelta(hours=6),
        **{"clients": [till.cora], "service_id": till.therapy.pk, "service_name": "Speech therapy", **more},
    )  # fmt: skip


def read(visit, user, appointment):
    page = visit(user).get(f"/appointments/{appointment.pk}/cancellation/").content.decode()
    return " ".join(page.split())


@pytest.mark.parametrize("who", ["gus", "cora_login", "nora"])
def test_amount_is_said_where_it_is_known(till, soon, visit, who):
    appointment = soon()
    page = read(visit, getattr(till, who), appointment)
    assert 'Cora Winter is charged <data class="money" value="40.00">€40.00</data>: 50 % of the price.' in page
    visit(till.gus).post(f"/appointments/{appointment.pk}/cancellation/", {"reason": ""})
    assert Charge.objects.get().price == Money(4000, "EUR")


def test_amount_is_that_of_the_clients_own_rate_and_of_a_cost_set_by_hand(till, soon, visit):
    appointment = soon()
    catalogue.set_rate(client=till.cora, service=till.therapy, price=Money(7000, "EUR"), by=till.nora, now=clock.now())
    assert "€35.00" in read(visit, till.gus, appointment)
    charges.override_cost(
        appointment_id=appointment.pk,
        client=till.cora,
        price=Money(1000, "EUR"),
        reason="Trial",
        by=till.nora,
        now=clock.now(),
    )
    assert "€5.00" in read(visit, till.gus, appointment)


def test_share_alone_is_said_where_no_amount_is_known(till, soon, visit):
    page = read(visit, till.gus, soon(service_id=None, service_name="Something else"))
    assert "is charged 50 % of the price" in page and "€" not in page


def test_whoever_runs_the_schedule_without_billing_reads_no_amount(till, soon, visit):
    page = read(visit, till.tess, soon())
    assert "50 % of the price" in page and "40.00" not in page


def test_amount_is_hidden_with_the_costs(till, soon, visit):
    till.cora.permissions = [*till.cora.permissions, "hide_costs"]
    till.cora.save()
    page = read(visit, till.gus, soon())
    assert "late cancellation" in page and "40.00" not in page and "%" not in page


def test_group_names_each_one_whose_costs_may_be_seen(till, soon, visit):
    both = soon(clients=[till.cora, till.cleo])
    staff, guardian = read(visit, till.nora, both), read(visit, till.cora_login, both)
    assert "Cora Winter is charged" in staff and "Cleo Marten is charged" in staff
    assert "Cora Winter is charged" in guardian and "Cleo" not in guardian
