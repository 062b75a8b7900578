"""Groups with places that people take, and the waiting list: a held place takes no time, and places are offered as they come free."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.booking.models import Hold
from core.booking.queries import places_left
from core.booking.rules import slots
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError
from core.people.models import LinkedLogin
from core.scheduling.actions import cancel_appointment, edit_appointment
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment, Participant
from core.waiting_list import actions
from core.waiting_list.models import WaitingOffer
from tests.factories.booking import wanted_of
from tests.factories.scheduling import book, make_client, tomorrow
from tests.factories.waiting_list import open_list, wait
from tests.waiting_list.places import attending, deliver, give_up, make_group, wait_for_place


def group_with_a_held_place(cast, online):
    """Somebody is just filling in their name for a place when it is cancelled."""
    group = book(cast, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    Hold.objects.create(
        token_digest="x", visitor="x", bookable=online.bookable, practitioner=cast.tess_staff, starts_at=group.starts_at,
        ends_at=group.ends_at, mode="online", time_zone="UTC", made_at=clock.now(),
        expires_at=clock.now() + timedelta(minutes=10), group=group,
    )  # fmt: skip
    return group


def cancel(cast, appointment):
    cancel_appointment(appointment, party="practice", by=cast.tess, now=clock.now())
    while outbox.deliver_due():
        pass


def test_the_time_of_a_cancelled_group_is_offered_though_a_place_is_held(cast, online):
    group = group_with_a_held_place(cast, online)
    entry = wait(cast)
    cancel(cast, group)
    assert [offer.entry for offer in WaitingOffer.objects.all()] == [entry]


def test_it_can_be_offered_by_hand(cast, online):
    open_list(cast, is_open=False)
    cancel(cast, group_with_a_held_place(cast, online))
    assert actions.offer_by_hand(
        wait(cast), practitioner=cast.tess_staff, starts_at=tomorrow(), by=cast.tess, now=clock.now()
    )


def test_whoever_waited_before_it_was_for_groups_is_offered_no_free_hour(cast, online):
    waited = wait(cast, service=ServiceChosen("First talk", online.service.pk))
    second = wait(cast, make_client("Ida", practitioner=cast.tess_staff, login=cast.gus))
    booked = book(cast, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    make_group(cast, online)
    cancel(cast, booked)
    assert [offer.entry for offer in WaitingOffer.objects.all()] == [second]
    waited.refresh_from_db()
    assert waited.is_waiting


def fill(cast, group):
    """The third place goes to somebody else."""
    clients = [*(place.client for place in group.attending), make_client("Cid", practitioner=cast.tess_staff)]
    edit_appointment(group, clients=clients, by=cast.tess, now=clock.now())


def test_a_place_that_is_given_up_is_offered_and_kept(cast, online, group, mailoutbox):
    fill(cast, group)
    entry = wait_for_place(cast, online)
    mailoutbox.clear()

    give_up(cast, group)

    [offer] = WaitingOffer.objects.all()
    assert (offer.entry, offer.group, offer.ends_at - offer.starts_at) == (entry, group, timedelta(minutes=90))
    assert offer.hold.group == group
    left = places_left(wanted_of(online), [cast.tess_staff], now=clock.now())
    assert slots.number_of(group.starts_at) not in left  # visitors do not find it
    mails = [mail for mail in mailoutbox if mail.subject.startswith("A time has become free")]
    assert len(mails) == 2 and all("One place (group)" in mail.body for mail in mails)


def test_taken_they_are_in_it_and_wait_no_longer(cast, online, group):
    fill(cast, group)
    entry = wait_for_place(cast, online)
    give_up(cast, group)
    offer = WaitingOffer.objects.get()

    for _again in range(2):
        assert actions.accept_offer(offer, by=cast.cleo_login, now=clock.now()) == group

    entry.refresh_from_db()
    assert entry.state == "served" and not Hold.objects.exists()
    assert attending(group).filter(client=cast.cleo).exists() and attending(group).count() == 3


def test_whoever_gave_it_up_is_not_asked_and_the_next_is_when_it_is_let_go(cast, online, group):
    fill(cast, group)
    ann = Participant.objects.get(appointment=group, client__first_name="Ann").client
    LinkedLogin.objects.create(user=cast.gus, client=ann, relationship="guardian")
    wait_for_place(cast, online, ann)
    first = wait_for_place(cast, online)
    ida = wait_for_place(cast, online, make_client("Ida", practitioner=cast.tess_staff, login=cast.gus))
    give_up(cast, group)
    [offer] = WaitingOffer.objects.all()
    assert offer.entry == first

    actions.decline_offer(offer, by=cast.cleo_login, now=clock.now())
    deliver()

    assert WaitingOffer.objects.get(state="open").entry == ida


def test_one_after_another_each_place_is_offered_to_one(cast, online, group):
    entries = [wait_for_place(cast, online)]
    for name in ("Ida", "Jo", "Kim"):
        entries.append(wait_for_place(cast, online, make_client(name, practitioner=cast.tess_staff, login=cast.gus)))
    give_up(cast, group)
    assert [offer.entry for offer in WaitingOffer.objects.order_by("offered_at", "pk")] == entries[:2]
    assert Hold.objects.count() == 2


def test_to_all_as_many_win_as_there_are_places(cast, online, group):
    open_list(cast, mode="all")
    people = [cast.cleo, *(make_client(n, practitioner=cast.tess_staff, login=cast.gus) for n in ("Ida", "Jo"))]
    for client in people:
        wait_for_place(cast, online, client)
    give_up(cast, group)
    offers = {offer.entry.client: offer for offer in WaitingOffer.objects.select_related("entry__client")}
    assert len(offers) == 3 and Hold.objects.count() == 2

    for client, login in ((people[2], cast.gus), (people[1], cast.gus)):
        actions.accept_offer(offers[client], by=login, now=clock.now())
    with pytest.raises(ConflictError) as refusal:
        actions.accept_offer(offers[people[0]], by=cast.cleo_login, now=clock.now())

    assert refusal.value.code == "time_taken"
    assert attending(group).count() == 3 and not Hold.objects.exists()


def test_a_new_group_with_nobody_is_offered_to_those_who_wait(cast, online):
    make_group(cast, online)
    entry = wait_for_place(cast, online)
    group = book(cast, clients=[], is_open_group=True, service_id=online.service.pk, service_name="First talk")
    deliver()
    assert [(offer.entry, offer.group) for offer in WaitingOffer.objects.all()] == [(entry, group)]


def test_what_staff_fill_or_cancel_meanwhile_is_lost_with_a_sentence(cast, online, group):
    wait_for_place(cast, online)
    give_up(cast, group)
    [offer] = WaitingOffer.objects.all()
    now = clock.now()
    more = [make_client(name, practitioner=cast.tess_staff) for name in ("Dan", "Eve")]
    group = Appointment.objects.get(pk=group.pk)
    edit_appointment(group, clients=[*(p.client for p in group.attending), *more], by=cast.tess, now=now)
    with pytest.raises(ConflictError) as refusal:
        actions.accept_offer(offer, by=cast.cleo_login, now=now)
    assert refusal.value.code == "no_place_left"
    assert actions.end_taken_offer(offer, now=now)
    offer.refresh_from_db()
    assert offer.state == "lost"


def test_whoever_waits_for_other_hours_or_another_way_is_not_asked(cast, online, group):
    wait_for_place(cast, online, begins=14 * 60, ends=20 * 60)
    wait_for_place(cast, online, mode="in_person")
    wait(cast)  # for another service
    give_up(cast, group)
    assert not WaitingOffer.objects.exists()


def test_by_hand_a_group_is_chosen(cast, online, group, visit):
    open_list(cast, is_open=False)
    entry = wait_for_place(cast, online)
    with pytest.raises(DomainError) as refusal:
        actions.offer_by_hand(
            entry, practitioner=cast.tess_staff, starts_at=tomorrow(15), by=cast.tess, now=clock.now()
        )
    assert refusal.value.code == "service_for_groups"
    browser, url = visit(cast.tess), reverse("waiting_list:offer", args=[entry.pk])
    page = browser.get(url).content.decode()
    assert "1 place left" in page

    assert browser.post(url, {"group": str(group.pk)}).status_code == 302

    offer = WaitingOffer.objects.get()
    assert (offer.group, offer.by_hand) == (group, cast.tess)
    page = browser.get(reverse("waiting_list:entry", args=[entry.pk])).content.decode()
    assert "one place (group)" in page
    cleo = visit(cast.cleo_login)
    assert "one place (group)" in cleo.get(reverse("waiting_list:acceptance", args=[offer.pk])).content.decode()
    assert cleo.post(reverse("waiting_list:acceptance", args=[offer.pk])).status_code == 302
    assert attending(group).filter(client=cast.cleo).exists()


def test_where_no_group_is_ahead_the_page_says_so(cast, online, visit):
    make_group(cast, online)
    entry = wait_for_place(cast, online)
    page = visit(cast.tess).get(reverse("waiting_list:offer", args=[entry.pk])).content.decode()
    assert "There is no group ahead with a free place" in page
