"""Clashes about prepayments: real threads, real transactions. Of two ends of one place, one happens, and no money is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections

from billing.actions import catalogue, charges, settlement
from billing.actions.payments import note_started
from billing.gateways.base import PaymentAttempt
from billing.models import Charge, Invoice, Payment, PaymentAccount, PaymentShare, Refund
from billing.prepayments.actions import releasing
from billing.prepayments.models import Prepayment, PrepaymentAttempt
from billing.queries.prices import EndedAppointment
from billing.rules.payment_progress import PaymentState
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.people.models import Client, LinkedLogin, StaffMember, User
from core.scheduling.actions import cancel_appointment
from core.scheduling.models import Appointment, Participant
from tenants.context import organization_context
from tests.factories.committed import committed_organization

THREADS = 6


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """A client with a login, a service and an account, committed."""
    with committed_organization(slug="ahead", host="ahead.test", blocker=django_db_blocker) as organization:
        owner, now = User.objects.get(email="olive@ahead.test"), clock.now()
        client = Client.objects.create(first_name="Cora", time_zone="UTC")
        payer = User.objects.create_user(email="cora@ahead.test", name="Cora", time_zone="UTC")
        LinkedLogin.objects.create(user=payer, client=client, relationship="self")
        terms = catalogue.ServiceTerms(name="Speech", price=Money(8000, "EUR"))
        service = catalogue.save_service(terms=terms, by=owner, now=now)
        account = PaymentAccount.objects.create(
            external_id="acct_races", state="active", country="DE", currency="EUR", connected_at=now, changed_at=now
        )
        staff = StaffMember.objects.get(user=owner)
        yield SimpleNamespace(
            organization=organization, owner=owner, client=client, payer=payer, service=service, account=account, staff=staff, now=now
        )  # fmt: skip


_hours = iter(range(100, 10000))


def asked(house, *, live: bool = True):
    """A place that waits, with a payment that its payer has begun."""
    starts_at = house.now + timedelta(hours=next(_hours))
    appointment = Appointment.objects.create(
        practitioner=house.staff, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45), time_zone="UTC",
        service_id=house.service.pk, service_name="Speech", booked_by=house.owner, booked_at=house.now,
    )  # fmt: skip
    Participant.objects.create(
        appointment=appointment, client=house.client, starts_at=appointment.starts_at, ends_at=appointment.ends_at
    )
    prepayment = Prepayment.objects.create(
        appointment_id=appointment.pk, client=house.client, service=house.service, description="Speech",
        happens_at=starts_at, payer=house.payer, price_amount=8000, amount=2000, total_amount=2000, currency="EUR",
        asked_at=house.now, asked_by="Olive", due_at=house.now + timedelta(hours=1),
    )  # fmt: skip
    payment = None
    if live:
        payment = note_started(prepayment.total, house.account, by=house.payer, now=house.now)
        Payment.objects.filter(pk=payment.pk).update(external_id=f"pi_{new_id().hex}")
        PrepaymentAttempt.objects.create(prepayment=prepayment, payment=payment)
        payment.refresh_from_db()
    return appointment, prepayment, payment


def at_once(house, jobs):
    """Run all jobs in threads of their own, at the same moment; refusals are answers."""
    start = threading.Barrier(len(jobs), timeout=30)

    def run(job):
        with organization_context(house.organization):
            try:
                start.wait()
                return job()
            except (ConflictError, DomainError) as refusal:
                return refusal
            finally:
                connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def succeeding(payment, house):
    attempt = PaymentAttempt(external_id=payment.external_id, state=PaymentState.SUCCEEDED, amount=payment.money)
    return lambda: settlement.apply_attempt(payment=payment, attempt=attempt, now=house.now)


@pytest.mark.slow
def test_success_told_many_times_is_entered_once(house):
    with organization_context(house.organization):
        _, prepayment, payment = asked(house)
    at_once(house, [succeeding(payment, house) for _ in range(THREADS)])
    with organization_context(house.organization):
        prepayment.refresh_from_db()
        assert prepayment.state == Prepayment.State.HELD
        assert PaymentShare.objects.filter(payment=payment).count() == 1
        assert prepayment.invoice.state == Invoice.State.PAID


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(5))
def test_paid_while_it_is_cancelled_the_money_is_held_or_goes_back(house, attempt):
    with organization_context(house.organization):
        appointment, prepayment, payment = asked(house)
    cancelling = lambda: cancel_appointment(appointment, by=house.owner, now=house.now)  # noqa: E731
    at_once(house, [succeeding(payment, house), cancelling])
    with organization_context(house.organization):
        prepayment.refresh_from_db()
        share = PaymentShare.objects.get(payment=payment)
        assert prepayment.state in (Prepayment.State.WITHDRAWN, Prepayment.State.RETURNED)
        assert share.refunded_amount == 2000  # whoever was first
        assert Refund.objects.get(payment=payment).amount == 2000


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(5))
def test_paid_while_its_time_runs_out_it_stands_or_goes_back(house, attempt, monkeypatch):
    with organization_context(house.organization):
        appointment, prepayment, payment = asked(house)
    # The processor has let go of what was begun, as far as whoever looks knows.
    monkeypatch.setattr(releasing, "live_payments", lambda _: Payment.objects.none())
    late = house.now + timedelta(hours=2)
    at_once(house, [succeeding(payment, house), lambda: releasing.release_unpaid(prepayment=prepayment, now=late)])
    with organization_context(house.organization):
        prepayment.refresh_from_db()
        appointment.refresh_from_db()
        share = PaymentShare.objects.get(payment=payment)
        if prepayment.state == Prepayment.State.HELD:
            assert appointment.is_booked
            assert share.refunded_amount == 0
        else:
            assert prepayment.state == Prepayment.State.RELEASED
            assert appointment.status == Appointment.Status.CANCELLED
            assert share.refunded_amount == 2000


@pytest.mark.slow
def test_two_ends_of_one_place_take_the_money_once(house):
    with organization_context(house.organization):
        appointment, prepayment, payment = asked(house)
        succeeding(payment, house)()
    ended = EndedAppointment(appointment.pk, house.client, house.service.pk, appointment.starts_at, 45)
    jobs = [lambda: charges.charge_appointment(ended=ended, by=house.owner, now=house.now) for _ in range(THREADS)]

    def run(job):
        try:
            return job()
        except Exception as error:  # noqa: BLE001 because the unique charge refuses all but one
            return error

    at_once(house, [lambda job=job: run(job) for job in jobs])
    with organization_context(house.organization):
        prepayment.refresh_from_db()
        assert prepayment.used_amount == 2000
        assert Charge.objects.get(appointment_id=appointment.pk).amount == 6000
