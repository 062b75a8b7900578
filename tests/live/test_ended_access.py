"""A login that loses its access is out of every live room at once, and its open pages hang up."""

import pytest
from allauth.account.signals import password_reset
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async

from core.kernel import clock
from core.kernel.models import AuditEvent
from core.people import actions as people
from core.people.models import Client, LinkedLogin
from portal.account.devices import sign_out_device
from sessions_live.models import Admission

ENDINGS = {
    "switched off": (lambda cast: people.switch_access(login=cast.gus, may_log_in=False, by=cast.nora, now=clock.now()), 4401),
    "signed out everywhere": (lambda cast: people.end_sessions(cast.gus, now=clock.now()), 4401),
    "client inactive": (
        lambda cast: people.change_client_status(client=cast.cleo, status="inactive", by=cast.nora, now=clock.now()), 4401,
    ),
    "client archived": (lambda cast: people.archive_client(client=cast.cleo, by=cast.nora, now=clock.now()), 4401),
    "tie ended": (lambda cast: people.unlink_login(client=cast.cleo, login=cast.gus, by=cast.nora, now=clock.now()), 4401),
}  # fmt: skip


def other_child(cast):
    """Gus looks after somebody else too, and so keeps his login whatever happens to Cleo."""
    client = Client.objects.create(first_name="Otto", last_name="Marten", time_zone="Europe/Berlin")
    LinkedLogin.objects.create(user=cast.gus, client=client, relationship="guardian")


async def both_inside(connect, cast, room, browser=None):
    tess, gus = await connect(room.pk, cast.tess).open(), await connect(room.pk, cast.gus).open(browser)
    await tess.send_message("hello")
    await tess.hear("engine")
    await gus.send_message("hello")
    peer = (await gus.hear("welcome"))["peer"]
    await tess.send_message("admit", admission=peer)
    await gus.hear("p2p.peer")
    await tess.hear("p2p.peer")
    return tess, gus, peer


@sync_to_async
def state_of(peer):
    return Admission.objects.get(pk=peer).state


@pytest.mark.parametrize("ending", ENDINGS)
def test_ended_access_closes_the_room_and_the_page(cast, room, scenes, ending):
    act, code = ENDINGS[ending]

    async def play(connect):
        tess, gus, peer = await both_inside(connect, cast, room)
        page, other_page = await connect(None, cast.gus).open(), await connect(None, cast.tess).open()
        await sync_to_async(act)(cast)

        assert await gus.closed() == code
        assert await page.closed() == 4401
        again = await connect(None, cast.gus).open(page.browser)
        assert await again.closed() == 4401
        assert (await tess.hear("p2p.bye"))["peer"] == peer
        assert [one["name"] for one in (await tess.hear("people", queue=[]))["people"]] == [cast.tess.name]
        assert await state_of(peer) == "left"
        await other_page.rest()
        assert other_page.kinds() == {"news"}  # the bell was taken back, nothing else

    scenes(play)
    assert AuditEvent.objects.filter(action="admission.withdrawn", subject_id=str(room.pk)).count() == 1


@pytest.mark.parametrize("ending", ["client inactive", "tie ended"])
def test_seat_that_is_lost_ends_the_room_but_not_the_session(cast, room, scenes, ending):
    act, _ = ENDINGS[ending]
    other_child(cast)

    async def play(connect):
        tess, gus, peer = await both_inside(connect, cast, room)
        page = await connect(None, cast.gus).open()
        await sync_to_async(act)(cast)

        assert await gus.closed() == 4404
        await tess.hear("p2p.bye")
        assert await state_of(peer) == "left"
        assert await page.line.receive_nothing(timeout=0.2)

    scenes(play)


def test_change_that_leaves_the_seat_disturbs_nobody(cast, room, scenes):
    other_child(cast)
    otto = Client.objects.get(first_name="Otto")

    async def play(connect):
        tess, gus, peer = await both_inside(connect, cast, room)
        await sync_to_async(people.unlink_login)(client=otto, login=cast.gus, by=cast.nora, now=clock.now())
        await gus.send_message("chat", text="Still here")
        assert (await tess.hear("chat"))["message"]["text"] == "Still here"
        assert await state_of(peer) == "admitted"

    scenes(play)


def test_waiting_person_is_taken_from_the_door(cast, room, scenes):
    async def play(connect):
        tess, gus = await connect(room.pk, cast.tess).open(), await connect(room.pk, cast.gus).open()
        await tess.send_message("hello")
        await tess.hear("engine")
        await gus.send_message("hello")
        await gus.hear("waiting")
        await sync_to_async(ENDINGS["switched off"][0])(cast)
        assert await gus.closed() == 4401
        while (await tess.hear("people"))["queue"]:
            pass

    scenes(play)


def test_schedule_admin_without_the_grant_is_no_host_any_more(cast, room, scenes):
    async def play(connect):
        sam = await connect(room.pk, cast.sam).open()
        await sam.send_message("hello")
        await sam.hear("engine")
        await sync_to_async(people.revoke_schedule_admin)(
            holder=cast.sam_staff, over=cast.tess_staff, by=cast.nora, now=clock.now()
        )
        assert await sam.closed() == 4404

    scenes(play)


def test_page_that_never_said_hello_closes_too(cast, room, scenes):
    async def play(connect):
        gus = await connect(room.pk, cast.gus).open()
        await gus.send_message("ping")
        await gus.hear("pong")
        await sync_to_async(ENDINGS["switched off"][0])(cast)
        assert await gus.closed() == 4401

    scenes(play)


def test_same_login_id_of_another_organization_hears_nothing(cast, room, scenes):
    """Both organizations hold the same ids: what ends in north must not reach south."""

    async def play(connect):
        olga = await connect(None, cast.olga, "south").open()
        await sync_to_async(people.end_sessions)(cast.nora, now=clock.now())
        assert olga.user.pk == cast.nora.pk
        assert await olga.line.receive_nothing(timeout=0.3)

    scenes(play)


def sign_out(browser, cast):
    browser.post("/account/logout/")


def sign_out_from_another_device(browser, cast):
    device = UserSession.objects.get(session_key=browser.session.session_key)
    sign_out_device(device=device, by=cast.gus, now=clock.now())


def set_new_password_elsewhere(browser, cast):
    cast.gus.set_password("another long pass phrase")
    cast.gus.save()
    password_reset.send(type(cast.gus), request=None, user=cast.gus)


@pytest.mark.parametrize("way", [sign_out, sign_out_from_another_device, set_new_password_elsewhere])
def test_signing_out_ends_pages_and_calls_of_that_browser(cast, scenes, visit, room, way):
    browser = visit(cast.gus)
    UserSession.objects.create(
        user=cast.gus, session_key=browser.session.session_key, ip="192.0.2.1", user_agent="Test",
        created_at=clock.now(), last_seen_at=clock.now(),
    )  # fmt: skip

    async def play(connect):
        tess, gus, peer = await both_inside(connect, cast, room, browser)
        page = await connect(None, cast.gus).open(browser)
        await sync_to_async(way)(browser, cast)
        assert await page.closed() == 4401
        assert await gus.closed() == 4401
        assert (await tess.hear("p2p.bye"))["peer"] == peer
        assert await state_of(peer) == "left"
        assert await (await connect(None, cast.gus).open(browser)).closed() == 4401

    scenes(play)


def test_signing_out_leaves_other_browsers_alone(cast, scenes, visit):
    browser = visit(cast.gus)

    async def play(connect):
        elsewhere = await connect(None, cast.gus).open()
        await sync_to_async(browser.post)("/account/logout/")
        assert await elsewhere.line.receive_nothing(timeout=0.2)

    scenes(play)


def test_new_key_of_the_same_session_lets_pages_come_back(cast, scenes, visit, room):
    browser = visit(cast.gus)

    def renew():
        session = browser.session
        session.cycle_key()
        browser.cookies["sid"] = session.session_key

    async def play(connect):
        tess, gus, peer = await both_inside(connect, cast, room, browser)
        await sync_to_async(renew)()
        assert await gus.closed() == 1012
        back = await connect(room.pk, cast.gus).open(browser)
        await back.send_message("hello", resume=True)
        assert (await back.hear("welcome"))["state"] == "admitted"

    scenes(play)
