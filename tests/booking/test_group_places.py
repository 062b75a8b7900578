"""Groups that people join themselves: places left, held, taken, given up and taken again."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from core.booking import actions
from core.booking.models import Hold, SelfBooking
from core.booking.queries import places_left
from core.booking.rules import slots
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.people.models import Client, StaffMember, User
from core.scheduling.actions import cancel_appointment, edit_appointment, move_appointment
from core.scheduling.appointment_links import link_to
from core.scheduling.models import Appointment, CancellationPolicy, Participant, PolicyLevel, SchedulingSettings
from tests.factories.booking import LATER, WHO, book_as_visitor, choose, code_sent, times_page, wanted_of
from tests.factories.scheduling import book, completion_type, make_client
from tests.rules_tables import rows

PLACES = 3


@pytest.fixture
def group(cast, online):
    """Three places, two of them taken, in four days at ten."""
    online.bookable.places = PLACES
    actions.save_bookable_service(online.bookable, by=cast.nora)
    return group_of(cast, online, days=4)


def group_of(cast, online, *, days, **more):
    start = (clock.now() + timedelta(days=days)).replace(hour=8, minute=0, second=0, microsecond=0)
    clients = [make_client(name, practitioner=cast.tess_staff) for name in ("Annika", "Benedikt")]
    return book(
        cast, clients=clients, at=start, minutes=90, service_id=online.service.pk, service_name="First talk", mode="online", **more
    )  # fmt: skip


def left(online, group):
    found = places_left(wanted_of(online), [online.person.practitioner], now=clock.now())
    return found.get(slots.number_of(group.starts_at), 0)


def attending(group):
    return sorted(str(each.client) for each in Participant.objects.filter(appointment=group, is_attending=True))


def test_visitor_takes_the_last_place_in_a_group(online, visit, group, django_assert_max_num_queries):
    browser = visit()
    with django_assert_max_num_queries(30):
        page = times_page(browser, day=group.starts_at.date().isoformat()).content.decode()
    assert "1 place left" in page and "up to 3" in page

    held, _answer = book_as_visitor(browser, group.starts_at)

    assert Appointment.objects.count() == 1
    assert [name for name in attending(group) if name.startswith("Zoë")] and len(attending(group)) == PLACES
    hold, own = Hold.objects.get(), SelfBooking.objects.get()
    assert (hold.ends_at, hold.client_id) == (group.ends_at, own.client_id)
    booked = browser.get(f"{held}booked/").content.decode()
    assert "It stands" in booked and "Annika" not in booked
    file = browser.get(f"{held}calendar-file/").content.decode()
    assert "BEGIN:VEVENT" in file and "Annika" not in file and "Benedikt" not in file
    assert left(online, group) == 0
    assert "No place is free" in times_page(visit(), day=group.starts_at.date().isoformat()).content.decode()
    told = [m.payload for m in OutboxMessage.objects.filter(name="scheduling.tell") if m.payload["kind"] == "booked"]
    user = User.objects.get(email="zoe@example.org")
    assert str(user.pk) in {each["user"] for each in told}
    assert AuditEvent.objects.filter(action="appointment.self_booked", actor_id=str(user.pk)).exists()


def test_held_place_is_nobody_elses_until_it_runs_out(online, visit, group, moved_clock):
    choose(visit(), group.starts_at)

    late = visit().post("/book/first-talk/", {"start": slots.number_of(group.starts_at), "mode": "online"})

    assert late.status_code == 409 and "No place is left" in late.content.decode()
    assert left(online, group) == 0
    moved_clock(LATER)
    assert left(online, group) == 1


def test_held_place_takes_no_time_from_the_practitioner(cast, online, visit, group):
    choose(visit(), group.starts_at)
    online.bookable.places = None
    actions.save_bookable_service(online.bookable, by=cast.nora)
    assert Hold.objects.filter(group=group).count() == 1

    moved = move_appointment(
        group, starts_at=group.starts_at + timedelta(minutes=15), ends_at=group.ends_at + timedelta(minutes=15), by=cast.nora, now=clock.now()
    )  # fmt: skip

    assert moved.starts_at > group.starts_at


def test_group_that_moved_or_filled_meanwhile_is_said_and_nothing_typed_is_lost(cast, online, visit, group):
    browser = visit()
    held = choose(browser, group.starts_at)
    move_appointment(
        group, starts_at=group.starts_at + timedelta(days=1), ends_at=group.ends_at + timedelta(days=1), by=cast.nora, now=clock.now()
    )  # fmt: skip
    browser.post(held, WHO)
    answer = browser.post(f"{held}code/", {"code": code_sent()})

    assert answer.status_code in (409, 422) and "No place is left" in answer.content.decode()
    assert Hold.objects.get().details["email"] == WHO["email"]
    assert len(attending(group)) == 2


def test_place_is_not_given_in_another_group_that_stands_at_its_time_by_now(cast, online, visit, group):
    held = choose(visit(cast.cleo_login), group.starts_at)
    day = timedelta(days=1)
    earlier = group_of(cast, online, days=3)
    move_appointment(group, starts_at=group.starts_at + day, ends_at=group.ends_at + day, by=cast.nora, now=clock.now())
    move_appointment(
        earlier, starts_at=earlier.starts_at + day, ends_at=earlier.ends_at + day, by=cast.nora, now=clock.now()
    )

    answer = visit(cast.cleo_login).post(held, {"client": str(cast.cleo.pk)})

    assert "No place is left" in answer.content.decode()
    assert len(attending(group)) == len(attending(earlier)) == 2


def test_terms_and_place_are_those_of_the_group(cast, online, visit, group):
    Appointment.objects.filter(pk=group.pk).update(mode="in_person", location="Park", policy=None)
    policy = CancellationPolicy.objects.create(adopted_at=clock.now(), adopted_by_name="Nora")
    kind = completion_type("Cancelled late - half")
    PolicyLevel.objects.create(
        policy=policy, position=1, hours_before=47, completion_type=kind, client_share=100, wage_share=0
    )
    browser = visit(cast.cleo_login)

    page = browser.get(choose(browser, group.starts_at, mode="in_person")).content.decode()

    assert "Park" in page and "Room 1" not in page
    assert "Cancelling is free until it begins" in page  # the policy of the day is not the group's


def test_hour_that_somebody_booked_for_themselves_is_no_group(cast, online, visit, group):
    Appointment.objects.filter(pk=group.pk).update(booked_by=cast.cleo_login)
    SelfBooking.objects.create(appointment=group, client=cast.cleo, user=cast.cleo_login, booked_at=clock.now())

    assert left(online, group) == 0


def test_somebody_elsewhere_reads_so_and_not_that_no_place_is_left(cast, online, visit, group):
    browser = visit(cast.cleo_login)
    held = choose(browser, group.starts_at)
    other = StaffMember.objects.create(
        user=User.objects.create_user(email="otto@north.test", name="Otto", time_zone="UTC"), role="practitioner"
    )
    book(cast, practitioner=other, at=group.starts_at, by=cast.nora, override_reason="x")

    answer = browser.post(held, {"client": str(cast.cleo.pk)}).content.decode()

    assert "No place is left" not in answer and "Cleo" in answer and "kept for you" in answer


def test_codes_keep_a_place_for_half_an_hour_at_most(online, visit, group, moved_clock):
    browser = visit()
    held = choose(browser, group.starts_at)
    made = Hold.objects.get().made_at
    for number in range(4):
        browser.post(held, {**WHO, "email": f"zoe{number}@example.org"})
        moved_clock(timedelta(minutes=9))

    assert Hold.objects.get().expires_at - made <= timedelta(minutes=30)
    assert left(online, group) == 1


def test_client_has_one_place_and_can_take_it_again_after_giving_it_up(cast, online, visit, group):
    client, user = cast.cleo, cast.cleo_login
    browser = visit(user)
    held = choose(browser, group.starts_at)
    page = reverse("booking:held", args=[held.split("/")[-2]])
    assert browser.post(page, {"client": str(client.pk)})["Location"].endswith("booked/")
    group.participants.exclude(client=client).first().delete()  # so that a place is left
    twice = browser.post(choose(browser, group.starts_at), {"client": str(client.pk)})
    assert twice.status_code == 422 and "has a place in it already" in twice.content.decode()

    place = Participant.objects.get(appointment=group, client=client)
    cancel_appointment(Appointment.objects.get(pk=group.pk), participant=place, by=cast.nora, now=clock.now())
    assert "Cancelled" in browser.get(f"{held}booked/").content.decode()
    assert "STATUS:CANCELLED" in browser.get(f"{held}calendar-file/").content.decode()
    again = browser.post(choose(browser, group.starts_at), {"client": str(client.pk)})

    assert again["Location"].endswith("booked/") and str(client) in attending(group)
    assert SelfBooking.objects.filter(appointment=group, client=client).count() == 1


def test_group_cannot_be_moved_by_link_by_the_only_one_in_it(cast, online, visit, group):
    client, user = cast.cleo, cast.cleo_login
    SchedulingSettings.objects.update_or_create(is_current=True, defaults={"clients_may_cancel": True})
    Client.objects.filter(pk=client.pk).update(permissions=["see_upcoming", "cancel_appointments"])
    group.participants.all().delete()
    Participant.objects.create(appointment=group, client=client, starts_at=group.starts_at, ends_at=group.ends_at)
    path = urlsplit(link_to(group, user=user, now=clock.now())).path

    page = visit().get(path).content.decode()

    assert "/book/moves/" not in page
    online.bookable.places = None
    actions.save_bookable_service(online.bookable, by=cast.nora)
    assert "/book/moves/" in visit().get(path).content.decode()  # alone, it could be


def test_way_in_which_places_are_left_is_shown_first(online, visit, group):
    Appointment.objects.filter(pk=group.pk).update(mode="in_person")

    page = times_page(visit()).content.decode()

    assert "1 place left" in page and "No place is free" in times_page(visit(), mode="online").content.decode()


@pytest.mark.parametrize(("case", "left_then"), rows("slots", "Of three places, two are taken"))
def test_places_left_are_those_of_the_table(cast, online, visit, group, moved_clock, case, left_then):
    first, day = group.attending[0], timedelta(days=1)
    if "hold" in case or "ten minutes" in case:
        choose(visit(), group.starts_at)
    if "ten minutes" in case:
        moved_clock(LATER)
    if "given up" in case:
        cancel_appointment(group, participant=first, by=cast.nora, now=clock.now())
    if "a third and a fourth" in case:
        more = [make_client(name) for name in ("Third", "Fourth")]
        clients = [*(place.client for place in group.attending), *more]
        edit_appointment(group, clients=clients, by=cast.nora, now=clock.now())
    if "cancelled" in case:
        cancel_appointment(group, by=cast.nora, now=clock.now())
    if "was moved" in case:
        move_appointment(
            group, starts_at=group.starts_at + day, ends_at=group.ends_at + day, by=cast.nora, now=clock.now()
        )

    assert left(online, group) == int(left_then)


@pytest.mark.parametrize("places", [0, 1, 101])
def test_number_of_places_is_one_of_a_group(cast, online, places):
    online.bookable.places = places
    with pytest.raises(DomainError):
        actions.save_bookable_service(online.bookable, by=cast.nora)


def test_settings_keep_the_places_and_the_appointment_shows_them(cast, online, visit, group):
    browser = visit(cast.nora)
    url = reverse("booking_settings:service", args=[online.bookable.pk])
    assert 'value="3"' in browser.get(url).content.decode()

    page = browser.get(reverse("scheduling:appointment", args=[group.pk])).content.decode()

    assert "2 of 3 places taken" in page
