"""Who is offered what frees, in which order, and who gets it."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied

from core.booking.models import Hold
from core.booking.queries import free_times
from core.booking.rules import slots
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import OutboxMessage
from core.notifications import push
from core.notifications.messages import Topic
from core.notifications.models import Notice
from core.people.models import Client, User
from core.scheduling.actions import (
    set_reminders,
)
from core.scheduling.models import Appointment, WorkingHours
from core.waiting_list import actions, queries
from core.waiting_list.links import open_offer, token_for
from core.waiting_list.models import WaitingEntry, WaitingOffer
from tenants import context
from tests.factories.booking import open_booking, wanted_of
from tests.factories.push_service import add_device, push_service
from tests.factories.scheduling import book, make_client, tomorrow
from tests.factories.waiting_list import open_list, wait
from tests.waiting_list.offers import HOUR, cancel, deliver, offers


def test_what_is_cancelled_is_offered_to_whoever_waits_longest(cast, booked, mailoutbox):
    first = wait(cast)
    wait(cast, make_client("Ida", practitioner=cast.tess_staff, login=cast.gus))

    cancel(cast, booked)

    [offer] = offers()
    assert (offer.entry, offer.starts_at, offer.state) == (first, tomorrow(), "open")
    assert offer.expires_at - offer.offered_at == HOUR
    mails = [mail for mail in mailoutbox if mail.subject.startswith("A time has become free")]
    assert sorted(mail.to[0].split()[0] for mail in mails) == ["Cleo", "Gus"]
    assert f"/w/{token_for(offer, cast.gus)}"[:20] in mails[0].body.replace("\n", "")
    assert Notice.objects.filter(kind="waiting_offer").count() == 2


def test_nothing_is_offered_where_it_is_not_switched_on(cast, booked):
    open_list(cast, is_open=False)
    wait(cast)
    cancel(cast, booked)
    assert not offers()


def test_whoever_has_just_given_it_up_is_not_asked(cast, booked):
    wait(cast, cast.otto)
    cancel(cast, booked)
    assert not offers()


def test_what_nobody_could_take_goes_to_the_next(cast, booked):
    left = User.objects.create_user(email="left@north.test", name="Left", time_zone="UTC", is_active=False)
    wait(cast, make_client("Alone", practitioner=cast.tess_staff))
    wait(cast, make_client("Shut", practitioner=cast.tess_staff, login=left))
    third = wait(cast)
    cancel(cast, booked)
    assert [offer.entry for offer in offers()] == [third]


def test_by_hand_nothing_is_offered_that_nobody_could_take(cast):
    left = User.objects.create_user(email="left@north.test", name="Left", time_zone="UTC", is_active=False)
    for client, why in (
        (make_client("Alone", practitioner=cast.tess_staff), "no login"),
        (make_client("Shut", practitioner=cast.tess_staff, login=left), "the login is switched off"),
    ):
        entry = wait(cast, client)
        with pytest.raises(DomainError) as refusal:
            actions.offer_by_hand(
                entry, practitioner=cast.tess_staff, starts_at=tomorrow(15), by=cast.tess, now=clock.now()
            )
        assert refusal.value.code == "nobody_to_take_it"
        assert client.name in refusal.value.message and why in refusal.value.message
    assert not offers() and not Hold.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"weekdays": [(tomorrow().weekday() + 1) % 7]},
        {"begins": 20 * 60, "ends": 22 * 60},
        {"minutes": 90},
        {"until_on": tomorrow(days=1).date()},
    ],
)
def test_what_does_not_fit_is_not_offered(cast, booked, changes):
    wait(cast, **changes)
    cancel(cast, booked)
    assert not offers()


def test_anybody_is_anybody_and_somebody_else_is_not(cast, booked):
    wait(cast, practitioners=[cast.sam_staff])
    ida = wait(cast, make_client("Ida", login=cast.gus), practitioners=[])
    cancel(cast, booked)
    assert [offer.entry for offer in offers()] == [ida]


def test_too_soon_is_not_offered(cast):
    open_list(cast, notice_hours=3)
    soon = book(cast, at=clock.now() + 2 * HOUR, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    wait(cast)
    cancel(cast, soon)
    assert not offers()


def test_taken_it_is_booked_and_they_wait_no_longer(cast, booked):
    entry = wait(cast)
    cancel(cast, booked)
    [offer] = offers()

    appointment = actions.accept_offer(offer, by=cast.gus, now=clock.now())

    assert (appointment.starts_at, appointment.minutes) == (tomorrow(), 50)
    assert [place.client for place in appointment.attending] == [cast.cleo]
    assert WaitingEntry.objects.get().state == "served" and entry.pk
    assert not Hold.objects.exists()
    assert actions.accept_offer(offer, by=cast.gus, now=clock.now()) == appointment  # the same, once more


def test_let_go_it_goes_to_the_next_and_never_back(cast, booked):
    first = wait(cast)
    second = wait(cast, make_client("Ida", practitioner=cast.tess_staff, login=cast.gus))
    cancel(cast, booked)

    actions.decline_offer(offers()[0], by=cast.gus, now=clock.now())
    deliver()
    assert [(offer.entry, offer.state) for offer in offers()] == [(first, "declined"), (second, "open")]

    actions.decline_offer(offers()[1], by=cast.gus, now=clock.now())
    deliver()
    assert len(offers()) == 2 and not Hold.objects.exists()
    assert WaitingEntry.objects.filter(state="waiting").count() == 2


def test_run_out_it_goes_to_the_next(cast, booked, moved_clock):
    wait(cast)
    second = wait(cast, make_client("Ida", practitioner=cast.tess_staff, login=cast.gus))
    cancel(cast, booked)
    [offer] = offers()

    moved_clock(timedelta(minutes=61))
    with pytest.raises(ConflictError) as refusal:
        actions.accept_offer(offer, by=cast.gus, now=clock.now())
    assert refusal.value.code == "offer_over"
    deliver()

    assert [(each.entry, each.state) for each in offers(state="open")] == [(second, "open")]
    assert WaitingOffer.objects.get(pk=offer.pk).state == "expired"


@pytest.mark.parametrize("how", ["let go", "run out", "taken off", "what is left"])
def test_whoever_gave_it_up_is_not_asked_later_either(cast, booked, moved_clock, how):
    first, own = wait(cast, minutes=20), wait(cast, cast.otto, minutes=20)
    third = wait(cast, make_client("Ida", practitioner=cast.tess_staff, login=cast.gus), minutes=20)
    cancel(cast, booked)
    [offer] = offers()
    assert offer.entry == first

    if how == "let go":
        actions.decline_offer(offer, by=cast.gus, now=clock.now())
    elif how == "run out":
        moved_clock(timedelta(minutes=61))
    elif how == "taken off":
        actions.remove_entry(first, by=cast.gus, now=clock.now())
    else:
        actions.accept_offer(offer, by=cast.gus, now=clock.now())
    deliver()
    assert [each.entry for each in offers(state="open")] == [third]

    actions.decline_offer(offers(state="open")[0], by=cast.gus, now=clock.now())
    deliver()
    assert not own.offers.exists()


def test_offered_to_all_the_first_has_it(cast, booked):
    open_list(cast, mode="all")
    wait(cast)
    ida = make_client("Ida", practitioner=cast.tess_staff, login=cast.gus)
    wait(cast, ida)
    cancel(cast, booked)
    cleos, idas = offers()
    assert Hold.objects.count() == 1

    actions.accept_offer(idas, by=cast.gus, now=clock.now())

    with pytest.raises(ConflictError) as refusal:
        actions.accept_offer(cleos, by=cast.gus, now=clock.now())
    assert refusal.value.code == "time_taken" and "still on the list" in refusal.value.message
    assert Appointment.objects.filter(status="booked").get().attending[0].client == ida
    assert WaitingEntry.objects.get(client=cast.cleo).state == "waiting"


def test_whoever_books_online_does_not_find_an_offered_time_and_staff_do(cast, booked):
    online = open_booking(cast)
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(practitioner=cast.tess_staff, weekday=day, starts=0, ends=1440) for day in range(7)
    )
    wait(cast)
    cancel(cast, booked)

    found = free_times(wanted_of(online), [cast.tess_staff], now=clock.now())[cast.tess_staff.pk]

    assert slots.number_of(tomorrow()) not in found
    assert book(cast, clients=[cast.otto])
    with pytest.raises(ConflictError) as refusal:
        actions.accept_offer(offers()[0], by=cast.gus, now=clock.now())
    assert refusal.value.code == "practitioner_not_free"


def test_nobody_is_asked_in_quiet_hours(cast, booked):
    now = clock.now()
    local = [
        time(each.hour, each.minute)
        for each in ((now + timedelta(hours=n)).astimezone(ZoneInfo("Europe/Berlin")) for n in (-1, 2))
    ]
    set_reminders(minutes=[], schedule_minutes=[], quiet_begins=local[0], quiet_ends=local[1], by=cast.nora, now=now)
    wait(cast)

    cancel(cast, booked)

    assert not offers()
    waiting = OutboxMessage.objects.get(name="waiting_list.offer_time", state="waiting")
    assert now + HOUR < waiting.due_at < now + 3 * HOUR


def test_an_inactive_client_is_neither_asked_nor_booked(cast, booked):
    wait(cast)
    cancel(cast, booked)
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    with pytest.raises((DomainError, PermissionDenied)):
        actions.accept_offer(offers()[0], by=cast.gus, now=clock.now())
    assert not Appointment.objects.filter(status="booked").exists()


def test_by_hand_any_free_time_is_offered(cast, booked):
    entry = wait(cast, begins=20 * 60, ends=22 * 60)
    with pytest.raises(ConflictError):
        actions.offer_by_hand(entry, practitioner=cast.tess_staff, starts_at=tomorrow(), by=cast.tess, now=clock.now())
    offer = actions.offer_by_hand(
        entry, practitioner=cast.tess_staff, starts_at=tomorrow(15), by=cast.tess, now=clock.now()
    )
    with pytest.raises(ConflictError) as refusal:
        actions.offer_by_hand(
            entry, practitioner=cast.tess_staff, starts_at=tomorrow(17), by=cast.tess, now=clock.now()
        )
    assert refusal.value.code == "offered_already"
    for user in (cast.gus, cast.ada):
        with pytest.raises(PermissionDenied):
            actions.offer_by_hand(entry, practitioner=cast.tess_staff, starts_at=tomorrow(18), by=user, now=clock.now())
    assert actions.accept_offer(offer, by=cast.cleo_login, now=clock.now()).starts_at == tomorrow(15)


def test_the_link_is_for_one_login_and_one_organization(cast, booked, south):
    wait(cast)
    cancel(cast, booked)
    [offer] = offers()
    token = token_for(offer, cast.gus)
    assert open_offer(token) == (offer, cast.gus)
    for forged in ("", "x", token[:-2], token_for(offer, cast.ada)):
        with pytest.raises(NotFound):
            open_offer(forged)


def test_link_of_a_mail_that_left_before_opens_and_what_is_signed_otherwise_does_not(cast, booked, visit):
    wait(cast)
    cancel(cast, booked)
    [offer] = offers()
    salt = f"core.waiting_list.offer:{context.current().schema}"
    dated = signing.dumps([str(offer.pk), str(cast.gus.pk)], salt=salt)
    other_key = signing.dumps([str(offer.pk), str(cast.gus.pk)], salt=salt, key="the key of before")

    assert open_offer(dated) == (offer, cast.gus)
    assert visit().get(f"/w/{dated}/").status_code == 200
    for token in (other_key, signing.Signer(salt=salt).sign("no object"), signing.dumps("no list", salt=salt)):
        with pytest.raises(NotFound):
            open_offer(token)
        closed = visit().get(f"/w/{token}/")
        assert closed.status_code == 404 and "link" in closed.content.decode().lower()


def test_push_of_an_offer_leaves_as_long_as_it_can_be_taken(cast, booked, settings, moved_clock):
    wait(cast)
    with push_service() as service:
        settings.PUSH_SERVICES = [service.origin]
        add_device(cast.cleo_login, service.device())
        cancel(cast, booked)
        [one] = service.arrived
        assert 0 < int(one.headers["ttl"]) <= 3600
        promise = OutboxMessage.objects.get(name="notifications.push")
        OutboxMessage.objects.filter(pk=promise.pk).update(state="waiting", attempts=0)
        moved_clock(HOUR + timedelta(seconds=1))
        deliver()
        promise.refresh_from_db()
        assert len(service.arrived) == 1 and (promise.state, promise.outcome) == ("void", "it is old")


def test_push_of_an_offer_that_was_answered_does_not_leave(cast, booked, settings):
    wait(cast)
    with push_service() as service:
        settings.PUSH_SERVICES = [service.origin]
        cancel(cast, booked)
        [offer] = offers()
        device = add_device(cast.gus, service.device())
        notice = Notice.objects.get(user_id=cast.gus.pk, kind="waiting_offer")
        push.promise(notice, Topic.APPOINTMENTS, happens_at=offer.expires_at, about=offer)
        WaitingOffer.objects.update(state="declined")
        deliver()
        promise = OutboxMessage.objects.get(name="notifications.push", payload__device=str(device.pk))
        assert service.arrived == [] and promise.outcome == "it cannot be taken any more"


def test_whoever_waits_longest_is_not_hidden_by_those_whom_it_does_not_fit(cast, booked, monkeypatch):
    monkeypatch.setattr(queries, "MOST_ASKED", 2)
    for number, changes in enumerate(
        ({"minutes": 90}, {"weekdays": [(tomorrow().weekday() + 3) % 7]}, {"begins": 1200, "ends": 1400})
    ):
        for twice in range(2):
            wait(cast, make_client(f"Unfit{number}{twice}", practitioner=cast.tess_staff, login=cast.gus), **changes)
    busy = make_client("Busy", practitioner=cast.tess_staff, login=cast.gus)
    book(cast, practitioner=cast.sam_staff, by=cast.nora, clients=[busy])
    wait(cast, busy)
    last = wait(cast)
    cancel(cast, booked)
    assert [offer.entry for offer in offers()] == [last]


def test_an_administrator_of_a_schedule_offers_it_only_to_those_assigned(cast):
    sams = make_client("Sams", practitioner=cast.sam_staff, login=cast.gus)
    entry = wait(cast, sams, practitioners=[], by=cast.sam)
    with pytest.raises(DomainError) as refusal:
        actions.offer_by_hand(entry, practitioner=cast.tess_staff, starts_at=tomorrow(15), by=cast.sam, now=clock.now())
    assert refusal.value.code == "client_not_assigned"
    with pytest.raises(DomainError) as refusal:
        wait(cast, sams, practitioners=[cast.tess_staff], by=cast.sam)
    assert refusal.value.code == "client_not_assigned"
    with pytest.raises(PermissionDenied):
        wait(cast, practitioners=[cast.sam_staff], by=cast.tess)
    assert actions.offer_by_hand(
        entry, practitioner=cast.sam_staff, starts_at=tomorrow(15), by=cast.sam, now=clock.now()
    )


def test_what_a_visitor_is_booking_is_not_offered_by_hand(cast):
    online = open_booking(cast)
    entry = wait(cast)
    Hold.objects.create(
        token_digest="x", visitor="x", bookable=online.bookable, practitioner=cast.tess_staff, starts_at=tomorrow(15),
        ends_at=tomorrow(16), mode="online", time_zone="UTC", made_at=clock.now(), expires_at=clock.now() + HOUR,
    )  # fmt: skip
    with pytest.raises(ConflictError) as refusal:
        actions.offer_by_hand(
            entry, practitioner=cast.tess_staff, starts_at=tomorrow(15), by=cast.tess, now=clock.now()
        )
    assert refusal.value.code == "time_held" and not offers()


def test_what_was_booked_over_is_lost(cast, booked):
    entry = wait(cast)
    cancel(cast, booked)
    [offer] = offers()
    assert not actions.end_taken_offer(offer, now=clock.now())
    book(cast, clients=[cast.otto])
    assert actions.end_taken_offer(offer, now=clock.now())
    offer.refresh_from_db()
    entry.refresh_from_db()
    assert (offer.state, entry.state) == ("lost", "waiting") and not Hold.objects.exists()
