"""One free time and many who want it at once: real threads, real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections

from core.booking import actions
from core.booking.models import BookableService, BookingSettings, Hold, SelfBooking
from core.kernel import clock
from core.kernel.errors import ConflictError
from core.people.models import Client, LinkedLogin, StaffMember, User
from core.scheduling.actions import book_appointment, calendar_locks, edit_appointment
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment, Cancellation, Participant
from tenants.context import organization_context
from tests.factories.booking import first_free, open_booking, wanted_of
from tests.factories.committed import committed_organization

THREADS = 16


@pytest.fixture(scope="module")
def rushed(django_db_setup, django_db_blocker):
    """One practitioner who can be booked by everybody, and a client with a login, committed."""
    with committed_organization(slug="rushed", host="rushed.test", blocker=django_db_blocker) as organization:
        owner = User.objects.get(email="olive@rushed.test")
        login = User.objects.create_user(email="cleo@rushed.test", name="Cleo", time_zone="UTC")
        staff = StaffMember.objects.create(
            user=User.objects.create_user(email="tess@rushed.test", name="Tess", time_zone="UTC"), role="practitioner"
        )
        client = Client.objects.create(first_name="Cleo", time_zone="UTC")
        LinkedLogin.objects.create(user=login, client=client, relationship="self")
        online = open_booking(SimpleNamespace(tess_staff=staff), by=owner)
        yield SimpleNamespace(
            organization=organization, owner=owner, login=login, staff=staff, client=client, online=online
        )


@pytest.fixture
def house(rushed, monkeypatch):
    monkeypatch.setattr(calendar_locks, "WAIT", "60s")  # because a slow machine is not what is tested here
    with organization_context(rushed.organization):
        yield rushed
        for model in (Hold, SelfBooking, Cancellation, Participant, Appointment):
            model.objects.all().delete()


def at_once(house, jobs):
    """What became of each: "done", a conflict's code, or the exception's name."""
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


def hold(house, start, visitor):
    return actions.hold_time(
        wanted=wanted_of(house.online), practitioners=[house.staff], starts_at=start, time_zone="UTC", visitor=visitor,
        is_anybody=False, now=clock.now(),
    )  # fmt: skip


def confirm(house, held, *, client=None, by=None):
    return actions.book_held(
        held, client=client or house.client, wanted=wanted_of(house.online), service=ServiceChosen("First talk"), answers=[],
        by=by or house.login, now=clock.now(),
    )  # fmt: skip


def test_one_time_chosen_by_many_is_held_once(house):
    start = first_free(house.online)

    ended = at_once(house, [lambda n=n: hold(house, start, f"visitor {n}") for n in range(THREADS)])

    assert sorted(ended) == ["done"] + ["time_taken"] * (THREADS - 1)
    assert Hold.objects.count() == 1


def test_one_hold_confirmed_by_many_clicks_is_booked_once(house):
    held, _token = hold(house, first_free(house.online), "one")

    ended = at_once(house, [lambda: confirm(house, held)] * 6)

    assert ended == ["done"] * 6  # all of them the same appointment
    assert Appointment.objects.count() == SelfBooking.objects.count() == 1


def test_places_of_a_group_go_to_as_many_as_there_are(house):
    places, group = 5, a_group(house, places=5)
    people = [newcomer(number) for number in range(THREADS)]

    def take(client, login):
        held, _token = hold(house, group.starts_at, str(client.pk))
        confirm(house, held, client=client, by=login)

    try:
        ended = at_once(house, [lambda each=each: take(*each) for each in people])
    finally:
        BookableService.objects.update(places=None)
        house.online.bookable.refresh_from_db()

    assert sorted(ended) == ["done"] * (places - 1) + ["no_place_left"] * (THREADS - places + 1)
    assert Participant.objects.filter(appointment=group, is_attending=True).count() == places
    assert SelfBooking.objects.count() == places - 1


def test_last_place_goes_to_a_visitor_or_to_the_front_desk_and_to_nobody_twice(house):
    group = a_group(house, places=2)
    client, login = newcomer(77)
    held, _token = hold(house, group.starts_at, "one")
    other = Client.objects.create(first_name="Otto", time_zone="UTC")

    def by_staff():
        edit_appointment(group, clients=[house.client, other], by=house.owner, now=clock.now())

    try:
        ended = at_once(house, [by_staff, lambda: confirm(house, held, client=client, by=login)] * 3)
    finally:
        BookableService.objects.update(places=None)
        house.online.bookable.refresh_from_db()

    assert set(ended) <= {"done", "no_place_left", "calendar_busy"} and "done" in ended
    assert Participant.objects.filter(appointment=group, is_attending=True).count() == 2


def a_group(house, *, places):
    """One place taken of so many."""
    start = first_free(house.online)
    BookableService.objects.update(places=places)
    house.online.bookable.refresh_from_db()
    return book_appointment(
        practitioner=house.staff, clients=[house.client], starts_at=start, ends_at=start + timedelta(hours=1), time_zone="UTC",
        service_name="First talk", service_id=house.online.service.pk, by=house.owner, now=clock.now(),
    )  # fmt: skip


def newcomer(number):
    login = User.objects.create_user(email=f"n{number}@rushed.test", name=f"N{number}", time_zone="UTC")
    client = Client.objects.create(first_name=f"N{number}", time_zone="UTC")
    LinkedLogin.objects.create(user=login, client=client, relationship="self")
    return client, login


def test_hold_and_front_desk_at_once_end_in_one_appointment(house):
    start = first_free(house.online)
    held, _token = hold(house, start, "one")
    other = Client.objects.create(first_name="Otto", time_zone="UTC")

    def by_staff():
        book_appointment(
            practitioner=house.staff, clients=[other], starts_at=start, ends_at=start + timedelta(hours=1), time_zone="UTC",
            service_name="First talk", by=house.owner, now=clock.now(),
        )  # fmt: skip

    ended = at_once(house, [by_staff, lambda: confirm(house, held)] * 4)

    assert Appointment.objects.count() == 1
    assert set(ended) <= {"done", "time_taken", "practitioner_not_free"}
    assert BookingSettings.current().is_open
