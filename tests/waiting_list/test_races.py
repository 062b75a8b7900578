"""One time and many who want it at once: real threads, real transactions, and a barrier that makes them meet."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections

from core.booking.models import Hold
from core.kernel import clock
from core.kernel.errors import ConflictError
from core.people.models import Client, LinkedLogin, StaffMember, User
from core.scheduling.actions import book_appointment, calendar_locks
from core.scheduling.models import Appointment, Cancellation, Participant
from core.scheduling.rules.conflicts import Span
from core.waiting_list import actions
from core.waiting_list.models import WaitingEntry, WaitingOffer
from tenants.context import organization_context
from tests.factories.committed import committed_organization
from tests.factories.scheduling import tomorrow
from tests.factories.waiting_list import open_list, wait

PEOPLE = 20


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    """One practitioner, and twenty clients with logins, committed."""
    with committed_organization(slug="crowd", host="crowd.test", blocker=django_db_blocker) as organization:
        owner = User.objects.get(email="olive@crowd.test")
        staff = StaffMember.objects.create(
            user=User.objects.create_user(email="tess@crowd.test", name="Tess", time_zone="UTC"), role="practitioner"
        )
        people = []
        for number in range(PEOPLE):
            login = User.objects.create_user(email=f"c{number}@crowd.test", name=f"C{number}", time_zone="UTC")
            client = Client.objects.create(first_name=f"C{number}", time_zone="UTC")
            LinkedLogin.objects.create(user=login, client=client, relationship="self")
            people.append((client, login))
        yield SimpleNamespace(organization=organization, nora=owner, tess_staff=staff, people=people)


@pytest.fixture
def house(crowd, monkeypatch):
    monkeypatch.setattr(calendar_locks, "WAIT", "60s")  # because a slow machine is not what is tested here
    with organization_context(crowd.organization):
        yield crowd
        for model in (WaitingOffer, WaitingEntry, Hold, Cancellation, Participant, Appointment):
            model.objects.all().delete()


def at_once(house, jobs):
    start = threading.Barrier(len(jobs), timeout=30)

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

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


@pytest.mark.slow
def test_an_offer_to_all_has_one_winner(house):
    open_list(house, mode="all")
    for client, _login in house.people:
        wait(house, client)
    made = actions.offer_freed(house.tess_staff, freed(), now=clock.now())
    assert len(made) == PEOPLE

    ended = at_once(
        house,
        [
            lambda o=offer, u=login: actions.accept_offer(o, by=u, now=clock.now())
            for offer, (_c, login) in zip(made, house.people, strict=True)
        ],
    )

    assert sorted(ended) == ["done"] + ["time_taken"] * (PEOPLE - 1)
    assert Appointment.objects.count() == 1 and not Hold.objects.exists()
    assert WaitingEntry.objects.filter(state="served").count() == 1


@pytest.mark.slow
def test_one_offer_taken_by_many_clicks_and_the_front_desk_is_booked_once(house):
    open_list(house)
    (client, login), (other, _login) = house.people[:2]
    wait(house, client)
    [offer] = actions.offer_freed(house.tess_staff, freed(), now=clock.now())

    def by_staff():
        book_appointment(
            practitioner=house.tess_staff, clients=[other], starts_at=tomorrow(9), ends_at=tomorrow(10), time_zone="UTC",
            service_name="Talk", by=house.nora, now=clock.now(),
        )  # fmt: skip

    ended = at_once(house, [lambda: actions.accept_offer(offer, by=login, now=clock.now()), by_staff] * 6)

    assert Appointment.objects.count() == 1
    assert set(ended) <= {"done", "practitioner_not_free", "time_taken"}


@pytest.mark.slow
def test_a_time_that_frees_twice_at_once_is_offered_once(house):
    open_list(house)
    for client, _login in house.people[:4]:
        wait(house, client)
    ended = at_once(house, [lambda: actions.offer_freed(house.tess_staff, freed(), now=clock.now())] * 8)
    assert set(ended) == {"done"}
    assert WaitingOffer.objects.filter(state="open").count() == Hold.objects.count() == 1


@pytest.mark.slow
def test_whoever_leaves_the_list_at_once_leaves_no_time_kept(house):
    open_list(house, mode="all")
    entries = [(wait(house, client), login) for client, login in house.people]
    assert len(actions.offer_freed(house.tess_staff, freed(), now=clock.now())) == PEOPLE

    ended = at_once(
        house, [lambda e=entry, u=login: actions.remove_entry(e, by=u, now=clock.now()) for entry, login in entries]
    )

    assert set(ended) == {"done"}
    assert not Hold.objects.exists() and not WaitingOffer.objects.filter(state="open").exists()


def freed():
    return Span(tomorrow(9), tomorrow(9) + timedelta(minutes=50))
