"""The work area over the room's socket: hidden by hosts for everybody, led by hosts, and by nobody else."""

import pytest

from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.models import AuditEvent
from sessions_live import actions
from sessions_live.permissions import get_admitted
from tests.live.arrivals import tess_and_gus


async def both_in(connect, cast, room):
    """Tess and Gus in the session."""
    tess, gus, gus_id = await tess_and_gus(connect, cast, room)
    await tess.send_message("admit", admission=gus_id)
    await gus.hear("engine")
    return tess, gus


def test_host_hides_it_and_whoever_comes_later_knows(cast, room, scenes):
    async def play(connect):
        tess, gus = await both_in(connect, cast, room)
        await tess.send_message("work_area", hidden=True)
        assert (await gus.hear("work_area"))["hidden"] is True
        await gus.send_message("work_area", hidden=False)
        assert (await gus.hear("error"))["code"] == "not_allowed"
        cleo = await connect(room.pk, cast.cleo_login).open()
        await cleo.send_message("hello")
        assert (await cleo.hear("welcome"))["work_area_hidden"] is True

    scenes(play)
    room.refresh_from_db()
    assert room.work_area_hidden


def test_hiding_is_noted_once(cast, room):
    for hidden in (True, True, False):
        actions.hide_work_area(room, hidden=hidden, by=cast.tess, now=clock.now())
    noted = (
        AuditEvent.objects.filter(action__startswith="work_area.").order_by("at", "pk").values_list("action", flat=True)
    )
    assert list(noted) == ["work_area.hidden", "work_area.shown"]


def test_host_leads_and_guests_follow(cast, room, scenes):
    async def play(connect):
        tess, gus = await both_in(connect, cast, room)
        await tess.send_message("lead", tab="board", view={"page": 2})
        led = await gus.hear("lead")
        assert (led["tab"], led["view"]) == ("board", {"page": 2})
        await tess.send_message("lead")
        assert (await gus.hear("lead"))["tab"] is None
        await tess.rest()
        assert "lead" not in tess.kinds()  # nobody follows themselves

    scenes(play)


def test_guest_leads_nobody(cast, room, scenes):
    async def play(connect):
        tess, gus = await both_in(connect, cast, room)
        await gus.send_message("lead", tab="board")
        assert (await gus.hear("error"))["code"] == "not_allowed"
        await tess.rest()
        assert "lead" not in tess.kinds()

    scenes(play)


def test_who_waits_has_no_say_and_hears_nothing(cast, room, scenes):
    async def play(connect):
        tess, gus, _ = await tess_and_gus(connect, cast, room)
        await gus.send_message("lead", tab="board")
        assert (await gus.hear("error"))["code"] == "not_joined"
        await tess.send_message("lead", tab="board")
        await gus.rest()
        assert "lead" not in gus.kinds()

    scenes(play)


def test_page_that_is_gone_leads_nobody(cast, room, scenes):
    async def play(connect):
        tess, gus = await both_in(connect, cast, room)
        await tess.send_message("lead", tab="board")
        await gus.hear("lead")
        await tess.lose()
        assert (await gus.hear("lead"))["tab"] is None

    scenes(play)


@pytest.mark.parametrize("fields", [{"tab": "b" * 101}, {"tab": "board", "view": {"text": "x" * 4000}}])
def test_what_is_too_large_is_refused(cast, room, scenes, fields):
    async def play(connect):
        tess, _ = await both_in(connect, cast, room)
        await tess.send_message("lead", **fields)
        assert (await tess.hear("error"))["code"] == "too_large"

    scenes(play)


def test_door_of_tabs_is_for_whoever_has_been_let_in(cast, room):
    now = clock.now()
    actions.ask_admission(room, by=cast.tess, now=now)
    waiting = actions.ask_admission(room, by=cast.gus, now=now)
    with pytest.raises(NotFound):
        get_admitted(cast.gus, room.pk)
    actions.admit(room, waiting.pk, by=cast.tess, now=now)
    assert get_admitted(cast.gus, room.pk)[1] == waiting
    actions.deny(room, waiting.pk, by=cast.tess, now=now)
    for person in (cast.gus, cast.ada):
        with pytest.raises(NotFound):
            get_admitted(person, room.pk)
