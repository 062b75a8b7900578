"""The books keep a client from being deleted."""

import pytest

from billing.actions import charges
from core.kernel import audit
from core.kernel.errors import DomainError
from core.people import actions
from core.people.models import Client
from tests.factories.till import ended


def test_client_with_a_charge_cannot_be_deleted(till):
    charges.charge_appointment(ended=ended(till, till.cora), by=audit.SYSTEM, now=till.now)

    with pytest.raises(DomainError, match="in the books") as caught:
        actions.delete_client(client=till.cora, by=till.nora, now=till.now)

    assert caught.value.code == "client_in_use"
    assert Client.objects.filter(pk=till.cora.pk).exists()


def test_client_without_any_money_can_be_deleted(till):
    new = Client.objects.create(first_name="New", time_zone="Europe/Berlin")

    actions.delete_client(client=new, by=till.nora, now=till.now)

    assert not Client.objects.filter(pk=new.pk).exists()
