"""Two appointments that end at once against the last unit: real threads, real transactions, and the unit is used once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connections

from billing.actions import catalogue, charges
from billing.models import Charge
from billing.packages import queries
from billing.packages.actions import sales
from billing.packages.models import Purchase
from billing.queries.prices import EndedAppointment
from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.people.models import Client, LinkedLogin, User
from tenants.context import organization_context
from tests.factories.committed import committed_organization
from tests.factories.packages import offer, sell

THREADS = 8


@pytest.fixture(scope="module")
def counter(django_db_setup, django_db_blocker):
    """A client with a login, and a service, committed."""
    with committed_organization(slug="units", host="units.test", blocker=django_db_blocker) as organization:
        owner, now = User.objects.get(email="olive@units.test"), clock.now()
        client = Client.objects.create(first_name="Cora", time_zone="UTC")
        payer = User.objects.create_user(email="cora@units.test", name="Cora", time_zone="UTC")
        LinkedLogin.objects.create(user=payer, client=client, relationship="self")
        service = catalogue.save_service(
            terms=catalogue.ServiceTerms(name="Speech", price=Money(8000, "EUR")), by=owner, now=now
        )
        yield SimpleNamespace(organization=organization, owner=owner, client=client, service=service, now=now)


def at_once(house, jobs):
    """Run all jobs in threads of their own, at the same moment."""
    start = threading.Barrier(len(jobs), timeout=30)

    def run(job):
        with organization_context(house.organization):
            try:
                start.wait()
                return job()
            finally:
                connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def charging(house):
    ended = EndedAppointment(new_id(), house.client, house.service.pk, house.now, 45)
    return lambda: charges.charge_appointment(ended=ended, by=house.owner, now=house.now)


@pytest.mark.slow
def test_last_unit_is_used_once(counter):
    with organization_context(counter.organization):
        package = offer("Two", by=counter.owner, now=counter.now, units=Decimal(2), price=Money(15000, "EUR"))
        purchase = sell(package, counter.client, by=counter.owner, now=counter.now)

    at_once(counter, [charging(counter) for _ in range(THREADS)])

    with organization_context(counter.organization):
        assert queries.left_of(purchase) == 0
        states = sorted(Charge.objects.values_list("state", "amount"))
        assert states == [("met", 0)] * 2 + [("open", 8000)] * (THREADS - 2)
        assert [row.position for row in purchase.entries.order_by("position")] == [1, 2, 3]


@pytest.mark.slow
def test_sold_as_it_stands_while_it_is_taken_off_sale(counter):
    with organization_context(counter.organization):
        package = offer("Ten", by=counter.owner, now=counter.now)
        before = Purchase.objects.count()

    def sale():
        sales.sell_package(
            package=package, client=counter.client, by=counter.owner, now=counter.now + timedelta(hours=1)
        )

    at_once(counter, [sale, sale])

    with organization_context(counter.organization):
        numbers = list(Purchase.objects.values_list("invoice__number", flat=True))
        assert Purchase.objects.count() == before + 2 and len(set(numbers)) == len(numbers)
