"""Places in groups that change, fill or close while they are offered, and who is asked once, or not at all."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from psycopg.errors import LockNotAvailable

from core.booking.actions import remove_bookable_service, save_bookable_service
from core.booking.models import BookableService, Hold
from core.kernel import clock
from core.kernel.errors import ConflictError
from core.kernel.ids import new_id
from core.kernel.models import OutboxMessage
from core.people.models import LinkedLogin
from core.scheduling.actions import cancel_appointment, edit_appointment, move_appointment
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment, Cancellation, Participant
from core.scheduling.rules.conflicts import Span
from core.waiting_list import actions
from core.waiting_list.links import token_for
from core.waiting_list.models import WaitingOffer
from tests.factories.scheduling import book, completion_type, make_client, tomorrow
from tests.factories.waiting_list import open_list, wait
from tests.waiting_list.places import attending, deliver, give_up, make_group, wait_for_place


def test_to_all_a_place_that_one_lets_go_is_the_others(cast, online, group):
    """Three are asked for two places; the one who had a place to themselves lets it go."""
    open_list(cast, mode="all")
    people = [cast.cleo, *(make_client(n, practitioner=cast.tess_staff, login=cast.gus) for n in ("Ida", "Jo"))]
    for client in people:
        wait_for_place(cast, online, client)
    give_up(cast, group)
    offers = {offer.entry.client: offer for offer in WaitingOffer.objects.select_related("entry__client")}
    assert offers[people[0]].hold_id == offers[people[2]].hold_id

    actions.decline_offer(offers[people[1]], by=cast.gus, now=clock.now())
    actions.accept_offer(offers[people[2]], by=cast.gus, now=clock.now())
    actions.accept_offer(offers[people[0]], by=cast.cleo_login, now=clock.now())

    assert attending(group).count() == 3 and not Hold.objects.exists()
    assert {offer.state for offer in WaitingOffer.objects.filter(entry__client__in=people[::2])} == {"accepted"}


@pytest.mark.parametrize("what", ["practitioner", "service", "time"])
def test_group_that_is_another_one_by_now_is_not_joined(cast, online, group, what):
    entry = wait_for_place(cast, online)
    give_up(cast, group)
    offer, now = WaitingOffer.objects.get(), clock.now()
    if what == "practitioner":
        edit_appointment(group, practitioner=cast.sam.staff, by=cast.nora, now=now)
    elif what == "service":
        edit_appointment(group, service=ServiceChosen("Choir", is_for_groups=True), by=cast.nora, now=now)
        BookableService.objects.create(service_id=new_id(), slug="choir", modes=["online"], places=3)
    else:
        at = group.starts_at + timedelta(hours=1)
        move_appointment(
            group, starts_at=at, ends_at=at + timedelta(minutes=90), override_reason="x", by=cast.tess, now=now
        )

    with pytest.raises(ConflictError) as refusal:
        actions.accept_offer(offer, by=cast.cleo_login, now=now)

    assert refusal.value.code == "group_changed"
    assert actions.end_taken_offer(offer, now=now)
    entry.refresh_from_db()
    assert entry.is_waiting and attending(group).count() == 1


def test_place_far_ahead_is_offered_when_somebody_leaves_and_not_when_the_group_is_made(cast, online):
    make_group(cast, online)
    entry = wait_for_place(cast, online, until_on=(clock.now() + timedelta(days=60)).date())
    ann, ben = (make_client(name, practitioner=cast.tess_staff) for name in ("Ann", "Ben"))
    far = book(
        cast, clients=[ann, ben], at=tomorrow() + timedelta(days=40), is_open_group=True, service_id=online.service.pk,
        service_name="First talk",
    )  # fmt: skip
    deliver()
    assert not WaitingOffer.objects.exists()

    edit_appointment(far, clients=[ben], by=cast.tess, now=clock.now())
    deliver()

    assert [offer.entry for offer in WaitingOffer.objects.all()] == [entry]


def test_group_that_was_made_far_ahead_is_offered_once_it_is_four_weeks_away(cast, online):
    make_group(cast, online)
    entry = wait_for_place(cast, online, until_on=(clock.now() + timedelta(days=60)).date())
    facts = {"clients": [], "is_open_group": True, "service_id": online.service.pk, "service_name": "First talk"}
    group = book(cast, at=tomorrow() + timedelta(days=40), **facts)
    other = {**facts, "clients": [make_client("Ann", practitioner=cast.tess_staff)], "is_open_group": False}
    book(cast, at=tomorrow(11) + timedelta(days=40), override_reason="x", **other)
    OutboxMessage.objects.all().delete()

    for days in (1, 10):
        actions.promise_coming_places(now=clock.now() + timedelta(days=days))
    assert not OutboxMessage.objects.exists()
    actions.promise_coming_places(now=group.starts_at - timedelta(days=27, hours=12))

    [promise] = OutboxMessage.objects.filter(name="waiting_list.offer_places")
    assert promise.payload["group"] == str(group.pk)
    [offer] = actions.offer_places(group, now=clock.now())
    assert offer.entry == entry


def test_client_who_waits_twice_has_one_offer(cast, online, group):
    first, second = wait_for_place(cast, online), wait_for_place(cast, online)
    other = wait(cast)
    give_up(cast, group)

    [offer] = WaitingOffer.objects.filter(entry__client=cast.cleo)
    assert offer.entry == first

    assert actions.offer_places(group, now=clock.now()) == []
    for entry in (second, other):
        with pytest.raises(ConflictError) as refusal:
            actions.offer_by_hand(
                entry, practitioner=cast.tess_staff, starts_at=tomorrow(15), by=cast.tess, now=clock.now()
            ) if entry == other else actions.offer_place_by_hand(entry, group=group, by=cast.tess, now=clock.now())
        assert refusal.value.code == "offered_already"


def test_whoever_is_charged_for_a_place_is_not_offered_it_again(cast, online, group):
    """Ann gave hers up late; when Ben leaves later, she would pay for the same hour twice."""
    ann, ben = (Participant.objects.get(appointment=group, client__first_name=name) for name in ("Ann", "Ben"))
    for place, login in ((ann, cast.gus), (ben, cast.cleo_login)):
        LinkedLogin.objects.create(user=login, client=place.client, relationship="guardian")
    give_up(cast, group)
    charge = {"completion_type": completion_type("Cancelled late - half"), "client_share": 100, "wage_share": 0}
    Cancellation.objects.filter(participant=ann).update(**charge)
    entry = wait_for_place(cast, online, ann.client)

    assert actions.offer_places(group, now=clock.now()) == []
    Cancellation.objects.filter(participant=ann).update(completion_type=None, client_share=0)

    assert [offer.entry for offer in actions.offer_places(group, now=clock.now())] == [entry]


def test_whoever_is_charged_for_a_time_is_not_offered_it_again(cast, online):
    booked = book(cast, clients=[cast.cleo])
    cancel_appointment(booked, party="practice", by=cast.tess, now=clock.now())
    charge = {"completion_type": completion_type("Cancelled late - half"), "client_share": 100, "wage_share": 0}
    Cancellation.objects.update(**charge)
    entry, freed = wait(cast), booked.span

    assert actions.offer_freed(cast.tess_staff, freed, now=clock.now()) == []
    later = Span(freed.starts_at, freed.ends_at + timedelta(hours=1))
    [offer] = actions.offer_freed(cast.tess_staff, later, now=clock.now())
    assert (offer.entry, offer.starts_at >= booked.ends_at) == (entry, True)


def test_whoever_was_put_in_meanwhile_reads_that_it_is_theirs(cast, online, group, visit, mailoutbox):
    wait_for_place(cast, online)
    give_up(cast, group)
    offer = WaitingOffer.objects.get()
    group = Appointment.objects.get(pk=group.pk)
    edit_appointment(
        group, clients=[*(place.client for place in group.attending), cast.cleo], by=cast.tess, now=clock.now()
    )
    deliver()
    mailoutbox.clear()

    page = visit().post(f"/w/{token_for(offer, cast.cleo_login)}/", {"answer": "accept"}, follow=True).content.decode()

    assert "This place is yours already." in page and "confirmation is on its way" not in page
    deliver()
    assert not mailoutbox and attending(group).filter(client=cast.cleo).count() == 1


def test_signed_in_they_read_the_same(cast, online, group, visit):
    wait_for_place(cast, online)
    give_up(cast, group)
    offer = WaitingOffer.objects.get()
    group = Appointment.objects.get(pk=group.pk)
    edit_appointment(
        group, clients=[*(place.client for place in group.attending), cast.cleo], by=cast.tess, now=clock.now()
    )

    answer = visit(cast.cleo_login).post(reverse("waiting_list:acceptance", args=[offer.pk]), follow=True)

    assert "This place is yours already." in answer.content.decode()


@pytest.mark.parametrize("how", ["changed", "removed"])
def test_service_without_places_closes_its_groups(cast, online, group, how):
    empty = book(
        cast,
        clients=[],
        at=tomorrow(11),
        override_reason="x",
        is_open_group=True,
        service_id=online.service.pk,
        service_name="First talk",
    )
    wait_for_place(cast, online)
    if how == "changed":
        online.bookable.places = None
        save_bookable_service(online.bookable, by=cast.nora)
    else:
        remove_bookable_service(online.bookable, by=cast.nora)

    group.refresh_from_db()
    empty.refresh_from_db()
    assert not group.is_open_group
    assert empty.is_open_group and empty.is_booked  # because there is nobody for whom it could stand
    assert actions.offer_places(group, now=clock.now()) == actions.offer_places(empty, now=clock.now()) == []


def test_saving_without_other_places_asks_nobody(cast, online, group):
    deliver()
    wait_for_place(cast, online)
    OutboxMessage.objects.all().delete()

    save_bookable_service(BookableService.objects.get(), by=cast.nora)
    assert not OutboxMessage.objects.exists()
    more = BookableService.objects.get()
    more.places = 4
    save_bookable_service(more, by=cast.nora)

    assert OutboxMessage.objects.filter(name="waiting_list.offer_places").exists()


def test_saving_places_while_others_change_the_calendar_is_refused_with_a_sentence(cast, online, monkeypatch):
    def busy(people):
        raise OperationalError from LockNotAvailable()

    monkeypatch.setattr("core.booking.actions.settings.lock_calendars", busy)
    with pytest.raises(ConflictError) as refusal:
        make_group(cast, online)
    assert refusal.value.code == "calendar_busy"
