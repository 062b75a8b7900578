"""Who sees money: predicate and queryset agree for the whole cast; strangers find nothing."""

import pytest
from django.core.exceptions import PermissionDenied

from billing import permissions
from billing.actions import catalogue, charges
from billing.models import Invoice
from billing.permissions import MANAGE, PAY, SEE
from core.kernel import audit
from core.kernel.errors import NotFound
from core.kernel.money import Money
from core.people.models import Client, User
from tests.factories.till import appointment_of, ended, issue
from tests.rules_tables import rows

EVERYBODY = ["nora", "sam", "tess", "gus", "ada", "cleo_login", "cora_login"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_costs_predicate_and_queryset_agree(till, who):
    user = getattr(till, who)

    shown = set(permissions.clients_with_costs_for(user))

    assert shown == {client for client in Client.objects.all() if permissions.can_see_costs(user, client)}


@pytest.mark.parametrize("who", EVERYBODY)
def test_invoice_predicate_and_queryset_agree(till, who):
    user = getattr(till, who)
    issue(till)
    issue(till, client=till.cleo)

    shown = set(permissions.invoices_visible_to(user))

    assert shown == {invoice for invoice in Invoice.objects.all() if permissions.can_see_invoice(user, invoice)}


WHO = {
    "the owner": "nora",
    "the practitioner": "tess",
    "the guardian": "gus",
    "Cora's login": "cora_login",
    "Cleo's login": "cleo_login",
    "the agent": "ada",
}


@pytest.mark.parametrize(("who", "cora", "cleo"), rows("costs"))
def test_costs_are_seen_by_billing_staff_agents_and_logins_they_are_not_hidden_from(till, who, cora, cleo):
    user = getattr(till, WHO[who])

    assert [permissions.can_see_costs(user, client) for client in (till.cora, till.cleo)] == [
        cora == "yes",
        cleo == "yes",
    ]


@pytest.mark.parametrize(
    ("who", "attending", "sees"),
    [
        ("nora", ["cora", "cleo"], True),
        ("tess", ["cora", "cleo"], True),  # runs the schedule: the share also sets the wage
        ("gus", ["cora"], True),
        ("gus", ["cleo"], False),
        ("gus", ["cora", "cleo"], False),  # one sentence for both, so the hidden one decides
        ("cora_login", ["cora", "cleo"], True),  # the other client is none of theirs
        ("cleo_login", ["cora", "cleo"], False),
        ("ada", ["cora", "cleo"], True),
        ("ada", ["cora"], False),
    ],
)
def test_costs_of_an_appointment_are_seen_when_those_of_all_ones_own_clients_are(till, who, attending, sees):
    appointment = appointment_of(till, *(getattr(till, client) for client in attending))

    assert permissions.can_see_costs_of_appointment(getattr(till, who), appointment) is sees


def test_costs_of_an_appointment_are_hidden_without_the_right_to_see_payments(till):
    appointment = appointment_of(till, till.cora)
    till.cora.permissions = [p for p in till.cora.permissions if p != "see_payments"]
    till.cora.save()

    assert not permissions.can_see_costs_of_appointment(till.gus, appointment)
    assert not permissions.can_see_costs_of_appointment(till.cora_login, appointment)


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who != "nora"])
def test_doors_of_the_books_are_closed_to_whoever_does_not_bill(till, who):
    user = getattr(till, who)
    charge = charges.charge_appointment(ended=ended(till, till.cora), by=audit.SYSTEM, now=till.now)
    rate = catalogue.set_rate(
        client=till.cora, service=till.therapy, price=Money(100, "EUR"), by=till.nora, now=till.now
    )
    doors = [
        (permissions.get_open_charge, charge),
        (permissions.get_rate, rate),
        (permissions.get_service, till.therapy),
        (permissions.get_billed_client, till.cora),
    ]

    for door, thing in doors:
        assert door(till.nora, thing.pk) == thing
        with pytest.raises(NotFound):
            door(user, thing.pk)
    assert not permissions.ledger_visible_to(user).exists()
    assert not permissions.cost_overrides_visible_to(user).exists()


def test_door_opens_for_seeing_paying_managing(till):
    invoice = issue(till)

    assert permissions.get_invoice(till.gus, invoice.pk, to=SEE) == invoice
    assert permissions.get_invoice(till.gus, invoice.pk, to=PAY) == invoice
    assert permissions.get_invoice(till.nora, invoice.pk, to=MANAGE) == invoice
    with pytest.raises(PermissionDenied):
        permissions.get_invoice(till.gus, invoice.pk, to=MANAGE)
    with pytest.raises(PermissionDenied):
        permissions.get_invoice(till.nora, invoice.pk, to=PAY)
    for stranger in (till.ada, till.tess, till.cleo_login):
        with pytest.raises(NotFound):
            permissions.get_invoice(stranger, invoice.pk)


def test_payer_does_not_see_once_costs_are_hidden_from_the_client(till):
    invoice = issue(till)
    assert permissions.can_see_invoice(till.gus, invoice)

    till.cora.permissions = [*till.cora.permissions, "hide_costs"]
    till.cora.save()

    assert not permissions.can_see_invoice(till.gus, Invoice.objects.get(pk=invoice.pk))
    assert not permissions.invoices_visible_to(till.gus).exists()


def test_switched_off_staff_and_agents_see_nothing(till):
    issue(till, client=till.cleo)
    for user in (till.nora, till.ada):
        assert permissions.invoices_visible_to(user).exists()
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert not permissions.invoices_visible_to(User.objects.get(pk=user.pk)).exists()


def test_those_told_about_money_are_billing_staff(till):
    assert permissions.billing_staff() == [till.nora]
