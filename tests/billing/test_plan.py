"""A plan without billing: nothing new is charged or invoiced, and what there is stays within reach."""

import pytest

from billing.actions import accounts, charges, invoices
from billing.actions.invoices import Item
from billing.models import Charge
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.money import Money
from portal.billing.base import can_open_billing
from tests.factories.till import ended

ITEMS = [Item("Assessment", Money(8000, "EUR"))]


@pytest.fixture
def smaller_plan(till):
    """Takes billing out of the plan of the organization in force."""
    till.north.known_allowances = {"staff": 2, "live": None}
    return till


def test_invoices_and_accounts_are_refused_and_said(smaller_plan):
    till = smaller_plan

    with pytest.raises(DomainError, match="not part of your plan") as refused:
        invoices.draft_invoice(client=till.cora, items=ITEMS, by=till.nora, now=till.now)
    assert refused.value.code == "not_in_plan"
    with pytest.raises(DomainError, match="not part of your plan"):
        accounts.connect_account(done="http://north.test/", again="http://north.test/", by=till.nora, now=till.now)


def test_completing_charges_nothing(smaller_plan):
    till = smaller_plan

    assert charges.charge_appointment(ended=ended(till, till.cora), by=audit.SYSTEM, now=till.now) is None

    assert not Charge.objects.exists()


def test_entry_goes_with_the_plan_and_stays_while_there_are_invoices(till):
    assert can_open_billing(till.nora)
    till.north.known_allowances = {"staff": 2}
    assert not can_open_billing(till.nora)

    till.north.known_allowances = {"billing": None}
    invoices.draft_invoice(client=till.cora, items=ITEMS, by=till.nora, now=till.now)
    till.north.known_allowances = {"staff": 2}
    assert can_open_billing(till.nora)
