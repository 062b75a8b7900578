"""What is owed is paid once, whatever comes at once: real threads, real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connections

from billing.queries import organization
from billing.wages.actions import rates, runs
from billing.wages.models import Payout, PayoutRun, WageEntry, WageRate
from billing.wages.queries import sums_to_pay
from billing.wages.rules.payout import fingerprint
from billing.wages.rules.wage import Basis, Terms
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.kernel.money import Money
from core.people.models import StaffMember, User
from tenants.context import organization_context
from tests.factories.committed import committed_organization
from tests.factories.wages import enter, pay_out

THREADS, PEOPLE, ENTRIES = 6, 5, 8


@pytest.fixture(scope="module")
def payday(django_db_setup, django_db_blocker):
    """People to whom something is owed, committed."""
    with committed_organization(slug="payday", host="payday.test", blocker=django_db_blocker) as found:
        owner = User.objects.get(email="olive@payday.test")
        people = [
            StaffMember.objects.create(
                user=User.objects.create_user(email=f"p{number}@payday.test", name=f"P{number}", time_zone="UTC"),
                role="practitioner",
            )
            for number in range(PEOPLE)
        ]
        yield SimpleNamespace(organization=found, owner=owner, people=people)


@pytest.fixture
def house(payday):
    with organization_context(payday.organization):
        for person in payday.people:
            for number in range(ENTRIES):
                enter(person, 100 + number, by=payday.owner)
        payday.today = organization.today(clock.now())
        yield payday
        for model in (WageEntry, Payout, PayoutRun, WageRate):
            model.objects.all().delete()


def at_once(house, act):
    """What became of each thread: "done", or a refusal's code."""
    start = threading.Barrier(THREADS, timeout=30)

    def run(number):
        with organization_context(house.organization):
            try:
                start.wait()
                act(number)
            except DomainError as refused:
                return refused.code
            else:
                return "done"
            finally:
                connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(pool.map(run, range(THREADS)))


def test_of_those_who_pay_at_once_one_does(house):
    seen = fingerprint(sums_to_pay(until=house.today, currency="EUR"))

    became = at_once(
        house, lambda _: runs.make_run(until=house.today, currency="EUR", seen=seen, by=house.owner, now=clock.now())
    )

    assert became == ["done"] + ["nothing_to_pay"] * (THREADS - 1)
    assert PayoutRun.objects.count() == 1 and not WageEntry.objects.filter(payout=None).exists()
    for payout in Payout.objects.all():
        assert payout.amount == sum(payout.entries.values_list("amount", flat=True))


def test_of_those_who_note_and_discard_at_once_one_does(house):
    run = pay_out(by=house.owner)
    told = AuditEvent.objects.filter(action="payout_run.paid").count()

    def act(number):
        if number % 2:
            runs.discard_run(run=run, by=house.owner, now=clock.now())
        else:
            runs.note_paid(run=run, paid_on=house.today, by=house.owner, now=clock.now())

    became = at_once(house, act)

    assert became.count("done") == 1
    assert set(became) - {"done"} in ({"payout_paid"}, {"payout_gone"})
    is_paid = PayoutRun.objects.filter(paid_on=house.today).exists()
    assert WageEntry.objects.filter(payout=None).exists() is not is_paid
    assert AuditEvent.objects.filter(action="payout_run.paid").count() - told == is_paid


def test_what_is_entered_while_it_is_paid_is_in_the_payout_or_still_owed(house):
    seen = fingerprint(sums_to_pay(until=house.today, currency="EUR"))

    def act(number):
        if number:
            enter(house.people[0], 1000 + number, by=house.owner)
        else:
            runs.make_run(until=house.today, currency="EUR", seen=seen, by=house.owner, now=clock.now())

    became = at_once(house, act)

    assert became.count("done") >= THREADS - 1 and set(became) <= {"done", "sums_changed"}
    paid = sum(Payout.objects.values_list("amount", flat=True))
    owed = sum(WageEntry.objects.filter(payout=None).values_list("amount", flat=True))
    assert paid + owed == sum(WageEntry.objects.values_list("amount", flat=True))


def test_rates_set_at_once_for_the_same_leave_one(house):
    person = house.people[0]

    became = at_once(
        house,
        lambda number: rates.set_rate(
            practitioner=person,
            service=None,
            terms=Terms(Basis.HOUR, Money(100 + number, "EUR")),
            by=house.owner,
            now=clock.now(),
        ),
    )

    assert became == ["done"] * THREADS and WageRate.objects.count() == 1
