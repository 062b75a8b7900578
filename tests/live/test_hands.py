"""Raised hands, and microphones that a host turns off: who may, and who hears of it."""

from core.kernel import clock
from sessions_live import actions
from sessions_live.models import Admission
from tests.live.arrivals import both_in, tess_and_gus


async def hands_of(socket, up):
    """Until so many hands are up, by what this page is told; whose they are."""
    while True:
        people = (await socket.hear("people"))["people"]
        raised = [one["name"] for one in people if one["hand"]]
        if len(raised) == up:
            return raised


def test_hand_goes_up_for_everybody_and_a_host_lowers_it(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await gus.send_message("hand", up=True)
        assert await hands_of(tess, 1) == await hands_of(gus, 1) == [cast.gus.name]
        await tess.send_message("hand", up=False, admission=gus_id)
        assert await hands_of(gus, 0) == await hands_of(tess, 0) == []
        await gus.send_message("hand", up=True)
        await hands_of(tess, 1)
        await gus.send_message("hand", up=False)
        assert await hands_of(tess, 0) == []

    scenes(play)


def test_guest_lowers_nobody_elses_hand_and_mutes_nobody(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await gus.send_message("hand", up=False, admission=gus_id)
        assert (await gus.hear("error"))["code"] == "not_allowed"
        await gus.send_message("mute_guests")
        assert (await gus.hear("error"))["code"] == "not_allowed"

    scenes(play)


def test_host_turns_off_the_microphones_of_guests_only(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await tess.send_message("mute_guests")
        await gus.hear("mute_guests")
        await tess.send_message("mute_guests", admission=gus_id)
        await gus.hear("mute_guests")
        await tess.send_message("mute_guests", admission="somebody else")
        await gus.rest()
        await tess.rest()
        assert "mute_guests" not in tess.kinds()
        assert sum(message["type"] == "mute_guests" for message in gus.heard) == 2

    scenes(play)


def test_who_waits_raises_no_hand(cast, room, scenes):
    async def play(connect):
        _, gus, _ = await tess_and_gus(connect, cast, room)
        await gus.send_message("hand", up=True)
        assert (await gus.hear("error"))["code"] == "not_joined"

    scenes(play)


def test_hand_that_is_up_keeps_its_place(cast, room):
    now = clock.now()
    actions.ask_admission(room, by=cast.tess, now=now)
    admission = actions.admit(room, actions.ask_admission(room, by=cast.gus, now=now).pk, by=cast.tess, now=now)
    actions.raise_hand(admission, up=True, now=now)
    actions.raise_hand(admission, up=True, now=clock.now())
    assert Admission.objects.get(pk=admission.pk).hand_raised_at == now
