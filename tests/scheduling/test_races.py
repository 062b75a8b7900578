"""Nobody is booked twice, whatever comes at once: real threads, real transactions, and a barrier that makes them meet."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time as clock_time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, connections, transaction

from core.kernel import clock
from core.kernel.errors import ConflictError
from core.people.models import Client, StaffMember, User
from core.scheduling.actions import (
    book_appointment,
    book_series,
    calendar_locks,
    cancel_appointment,
    edit_appointment,
    move_appointment,
)
from core.scheduling.actions.series_checks import SeriesPlan
from core.scheduling.models import (
    Appointment,
    AppointmentSeries,
    BookableResource,
    Cancellation,
    Participant,
    Reservation,
)
from core.scheduling.rules.series import Pattern
from tenants.context import organization_context
from tests.factories.committed import committed_organization
from tests.factories.scheduling import tomorrow

THREADS = 24
HELD = 1.5  # seconds for which inserts wait, so that all have looked whether the time is free

OVERLAPS = """
    SELECT count(*) FROM scheduling_appointment a JOIN scheduling_appointment b
    ON a.id < b.id AND a.practitioner_id = b.practitioner_id AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
    WHERE a.status <> 'cancelled' AND b.status <> 'cancelled'
"""


@pytest.fixture(scope="module")
def racing(django_db_setup, django_db_blocker):
    """Three practitioners and six clients, committed."""
    with committed_organization(slug="racing", host="racing.test", blocker=django_db_blocker) as organization:
        owner = User.objects.get(email="olive@racing.test")
        staff = [
            StaffMember.objects.create(
                user=User.objects.create_user(email=f"p{n}@racing.test", name=f"P{n}", time_zone="UTC"),
                role="practitioner",
            )
            for n in range(3)
        ]
        clients = [Client.objects.create(first_name=f"C{n}", time_zone="UTC") for n in range(6)]
        yield SimpleNamespace(organization=organization, owner=owner, staff=staff, clients=clients)


@pytest.fixture
def house(racing, monkeypatch):
    """The same, in force, and with an empty calendar afterwards."""
    monkeypatch.setattr(calendar_locks, "WAIT", "60s")  # because a slow machine is not what is tested here
    with organization_context(racing.organization):
        yield racing
        Cancellation.objects.all().delete()
        Participant.objects.all().delete()
        Appointment.objects.all().delete()
        AppointmentSeries.objects.all().delete()


def at_once(house, jobs, *, barrier):
    """Run all jobs in threads of their own; returns what became of each: "done", a conflict's code, or the exception's name."""
    start = threading.Barrier(len(jobs) + 1, timeout=30)

    def run(job):
        with organization_context(house.organization):
            try:
                start.wait()
                job()
                return "done"
            except ConflictError as conflict:
                return conflict.code
            except Exception as error:  # noqa: BLE001 because the test tells which one it was
                return type(error).__name__
            finally:
                connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        found = [pool.submit(run, job) for job in jobs]
        if not barrier:
            start.wait()
        else:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("LOCK TABLE scheduling_appointment IN SHARE MODE")
                start.wait()
                time.sleep(HELD)
        return [future.result() for future in found]


def booking(house, practitioner, clients, *, hour=9, minute=0):
    starts_at = tomorrow(hour, minute)
    return lambda: book_appointment(
        practitioner=practitioner, clients=clients, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=50),
        time_zone="UTC", service_name="Race", by=house.owner, now=clock.now(),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("barrier", [True, False])
def test_one_slot_booked_by_many_is_booked_once(house, barrier):
    jobs = [booking(house, house.staff[0], [house.clients[n % 6]]) for n in range(THREADS)]
    outcomes = at_once(house, jobs, barrier=barrier)
    assert sorted(set(outcomes)) == ["done", "practitioner_not_free"]
    assert outcomes.count("done") == 1
    assert Appointment.objects.count() == 1


@pytest.mark.slow
def test_one_client_booked_by_many_practitioners_is_booked_once(house):
    jobs = [booking(house, house.staff[n % 3], [house.clients[0]], minute=n) for n in range(THREADS)]
    outcomes = at_once(house, jobs, barrier=True)
    assert outcomes.count("done") == 1
    assert set(outcomes) == {"done", "practitioner_not_free", "client_not_free"} or set(outcomes) == {
        "done",
        "client_not_free",
    }


@pytest.mark.slow
def test_groups_in_opposite_orders_neither_deadlock_nor_overlap(house):
    clients = house.clients
    jobs = []
    for n in range(THREADS):
        group = clients[:3] if n % 2 else clients[2::-1]
        jobs.append(booking(house, house.staff[n % 3], group, hour=8 + n % 4))
    outcomes = at_once(house, jobs, barrier=True)
    assert set(outcomes) <= {"done", "practitioner_not_free", "client_not_free"}
    assert outcomes.count("done") == 4
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        assert cursor.fetchone() == (0,)


@pytest.mark.slow
def test_two_appointments_moved_onto_one_slot_at_once_end_in_one_move(house):
    made = [booking(house, house.staff[0], [house.clients[n]], hour=8 + n)() for n in range(4)]
    target = tomorrow(16)

    def moving(appointment):
        return lambda: move_appointment(
            appointment, starts_at=target, ends_at=target + timedelta(minutes=50), by=house.owner, now=clock.now()
        )

    outcomes = at_once(house, [moving(appointment) for appointment in made], barrier=True)
    assert sorted(outcomes) == ["done", *["practitioner_not_free"] * 3]


@pytest.mark.slow
@pytest.mark.parametrize("barrier", [True, False])
def test_one_client_brought_into_many_appointments_of_one_time_at_once_is_in_one(house, barrier):
    made = [booking(house, house.staff[n], [house.clients[n]])() for n in range(3)]
    wanted = house.clients[5]

    def bringing(appointment, client):
        return lambda: edit_appointment(appointment, clients=[client, wanted], by=house.owner, now=clock.now())

    jobs = [bringing(made[n % 3], house.clients[n % 3]) for n in range(12)]
    outcomes = at_once(house, jobs, barrier=barrier)
    assert set(outcomes) == {"done", "client_not_free"}
    assert Participant.objects.filter(client=wanted, is_attending=True).count() == 1
    assert Appointment.objects.filter(sequence=1).count() == 1


@pytest.mark.slow
def test_edit_while_it_is_cancelled_and_completed_leaves_one_state(house):
    appointment = booking(house, house.staff[0], [house.clients[0]])()
    jobs = [
        lambda: edit_appointment(appointment, clients=[house.clients[1]], by=house.owner, now=clock.now()),
        lambda: cancel_appointment(appointment, party="practice", by=house.owner, now=clock.now()),
    ] * 6
    outcomes = at_once(house, jobs, barrier=True)
    assert set(outcomes) <= {"done", "not_booked"}
    appointment.refresh_from_db()
    assert appointment.status == "cancelled"
    assert not Participant.objects.filter(appointment=appointment, is_attending=True).exists()


@pytest.mark.slow
@pytest.mark.parametrize("barrier", [True, False])
def test_one_room_booked_by_many_at_once_is_taken_once(house, barrier):
    studio = BookableResource.objects.create(name=f"Studio {barrier}")

    def taking(number):
        starts_at = tomorrow(9, number)
        return lambda: book_appointment(
            practitioner=house.staff[number % 3], clients=[house.clients[number % 6]], starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=50), time_zone="UTC", service_name="Race", resources=[studio],
            by=house.owner, now=clock.now(),
        )  # fmt: skip

    outcomes = at_once(house, [taking(number) for number in range(12)], barrier=barrier)
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "resource_not_free", "practitioner_not_free", "client_not_free"}
    assert Reservation.objects.filter(resource=studio, is_held=True).count() == 1


def test_one_of_many_series_has_the_slot_and_the_others_read_its_dates(house):
    first = (clock.now() + timedelta(days=7)).date()
    plan = SeriesPlan(
        practitioner=house.staff[0], clients=(), pattern=Pattern("weekly", 1, (first.weekday(),)), first_on=first, at=clock_time(16),
        minutes=50, time_zone="UTC", service_name="Therapy", until_on=first + timedelta(weeks=5),
    )  # fmt: skip

    def job(number):
        clients = (house.clients[number % len(house.clients)],)
        return lambda: book_series(replace(plan, clients=clients), by=house.owner, now=clock.now())

    done = at_once(house, [job(number) for number in range(8)], barrier=True)
    assert sorted(done) == ["done", *["series_not_free"] * 7]
    assert Appointment.objects.count() == 6 and AppointmentSeries.objects.count() == 1
