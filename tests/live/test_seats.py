"""A seat is held by a lease in the database: whoever has gone without a word is out, and whoever is there stays."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from core.kernel import clock, outbox
from core.kernel.errors import DomainError
from core.kernel.models import OutboxMessage
from sessions_live import actions
from sessions_live.actions import seats
from sessions_live.consumers.room import RoomConsumer
from sessions_live.models import Admission
from sessions_live.outbox_names import WATCH_SEATS
from tests.live.arrivals import tess_and_gus

LATER = seats.LEASE + timedelta(seconds=2)


@pytest.fixture
def inside(cast, room):
    """Tess and Gus are in, each by a page."""
    now = clock.now()
    tess = actions.ask_admission(room, by=cast.tess, now=now, connection="tess")
    gus = actions.ask_admission(room, by=cast.gus, now=now, connection="gus")
    actions.admit(room, gus.pk, by=cast.tess, now=now)
    return tess, gus


def states(*admissions):
    return [Admission.objects.get(pk=one.pk).state for one in admissions]


def pass_time(monkeypatch, by):
    monkeypatch.setattr("core.kernel.clock.offset", lambda: by)


def test_promise_takes_out_who_has_gone_without_a_word(inside, room, monkeypatch):
    tess, gus = inside
    assert OutboxMessage.objects.filter(name=WATCH_SEATS).count() == 1  # one for the room, not one for each
    pass_time(monkeypatch, LATER)
    seats.renew(tess, connection="tess", now=clock.now())

    outbox.deliver_due()

    assert states(tess, gus) == ["admitted", "left"]
    again = OutboxMessage.objects.get(name=WATCH_SEATS, state=OutboxMessage.State.WAITING)
    assert again.due_at > clock.now()
    pass_time(monkeypatch, 3 * LATER)
    outbox.deliver_due()
    assert states(tess, gus) == ["left", "left"]
    assert not OutboxMessage.objects.filter(name=WATCH_SEATS, state=OutboxMessage.State.WAITING).exists()


def test_seat_of_who_has_gone_is_free_at_once_for_others(inside, cast, room, monkeypatch):
    monkeypatch.setattr("sessions_live.queries.most_in_a_group", lambda: 1)
    tess, gus = inside
    cleo = actions.ask_admission(room, by=cast.cleo_login, now=clock.now(), connection="cleo")
    with pytest.raises(DomainError, match="full"):
        actions.admit(room, cleo.pk, by=cast.tess, now=clock.now())
    pass_time(monkeypatch, LATER)
    for admission in (tess, cleo):
        Admission.objects.filter(pk=admission.pk).update(held_until=clock.now() + seats.LEASE)
    actions.admit(room, cleo.pk, by=cast.tess, now=clock.now())
    assert states(gus, cleo) == ["left", "admitted"]


def test_who_comes_back_late_waits_again(inside, cast, room, monkeypatch):
    _, gus = inside
    assert actions.ask_admission(room, by=cast.gus, now=clock.now(), connection="again").state == "admitted"
    pass_time(monkeypatch, LATER)
    back = actions.ask_admission(room, by=cast.gus, now=clock.now(), connection="late")
    assert (back.state, back.pk == gus.pk) == ("waiting", False)


@pytest.mark.parametrize("who", ["tess", "gus"])
def test_page_that_was_there_all_the_time_gets_its_seat_back(inside, cast, room, monkeypatch, who):
    """The database was away: nobody could renew, and the sweep came first."""
    admission = {one.connection: one for one in inside}[who]
    pass_time(monkeypatch, LATER)
    seats.sweep(room, now=clock.now())
    assert seats.renew(admission, connection=who, now=clock.now()) == "admitted"
    assert seats.sweep(room, now=clock.now()) == 0


@pytest.mark.parametrize("way", ["left", "removed", "ended", "came in anew"])
def test_seat_that_was_given_up_is_not_given_back(inside, cast, room, monkeypatch, way):
    _, gus = inside
    if way == "left":
        actions.leave(gus, now=clock.now())
    elif way == "removed":
        actions.deny(room, gus.pk, by=cast.tess, now=clock.now())
    elif way == "ended":
        actions.end_session(room, by=cast.tess, now=clock.now())
    else:
        pass_time(monkeypatch, LATER)
        actions.ask_admission(room, by=cast.gus, now=clock.now(), connection="new")
    expected = "denied" if way == "removed" else "left"
    assert seats.renew(gus, connection="gus", now=clock.now()) == expected


def test_page_that_was_taken_over_holds_nothing(inside, cast, room, monkeypatch):
    _, gus = inside
    actions.ask_admission(room, by=cast.gus, now=clock.now(), connection="second")
    pass_time(monkeypatch, LATER)
    seats.renew(gus, connection="gus", now=clock.now())
    assert seats.sweep(room, now=clock.now()) == 2


def test_seats_from_before_there_were_leases_end_with_the_room(inside, cast, room, monkeypatch):
    Admission.objects.update(held_until=None)
    pass_time(monkeypatch, LATER)
    assert seats.sweep(room, now=clock.now()) == 0
    assert seats.sweep_closed_rooms(now=clock.now()) == 0
    pass_time(monkeypatch, timedelta(hours=3))
    assert seats.sweep_closed_rooms(now=clock.now()) == 2
    assert states(*inside) == ["left", "left"]


def test_socket_renews_and_hears_what_was_lost(cast, room, scenes, monkeypatch):
    """The news of being let in went to a cache server that was away."""
    monkeypatch.setattr("sessions_live.consumers.room.RENEW_EVERY", 0.1)

    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        before = await held_until(gus_id)
        await asyncio.sleep(0.4)
        assert await held_until(gus_id) > before
        await sync_to_async(
            lambda: Admission.objects.filter(pk=gus_id).update(state="admitted", decided_at=clock.now())
        )()
        await gus.hear("admitted")
        await gus.hear("engine")
        await sync_to_async(lambda: Admission.objects.filter(pk=gus_id).update(state="denied"))()
        await gus.hear("denied")
        assert await gus.closed() == 4403

    scenes(play)


def test_process_that_dies_leaves_nobody_behind(cast, room, scenes, monkeypatch):
    async def die(self):
        """Nothing that a process would do when a socket ends."""

    monkeypatch.setattr(RoomConsumer, "_let_go", die)

    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        for socket in (tess, gus):
            socket.line.future.cancel()
        await asyncio.sleep(0.1)

    scenes(play)
    assert sorted(Admission.objects.values_list("state", flat=True)) == ["admitted", "waiting"]
    pass_time(monkeypatch, LATER)
    outbox.deliver_due()
    assert set(Admission.objects.values_list("state", flat=True)) == {"left"}


@sync_to_async
def held_until(pk):
    return Admission.objects.get(pk=pk).held_until
