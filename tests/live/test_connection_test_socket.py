"""The socket of the connection test: who gets a private room, what it says, and what it never says."""

import json
from dataclasses import replace

import pytest
from asgiref.sync import sync_to_async

from sessions_live import connection_test
from sessions_live.media.engine import EngineError
from sessions_live.media.ice_transports import IceTransport, relays, restricted_to, urls_for
from sessions_live.media.turn import Turn

URLS = [
    "turn:relay.north.test:3478?transport=udp",
    "turns:relay.north.test:443?transport=tcp",
    "turn:[::1]",
    "stun:x.test",
]


# RFC 7065
def test_addresses_of_relays_are_read():
    found = [
        (one.transport, one.host, one.port, one.protocol)
        for one in relays([*URLS, "turns:r.test", "turn:r.test?transport=tcp"])
    ]
    assert found == [
        (IceTransport.RELAY_UDP, "relay.north.test", 3478, "udp"),
        (IceTransport.RELAY_TCP, "relay.north.test", 443, "tls"),
        (IceTransport.RELAY_UDP, "[::1]", 3478, "udp"),
        (IceTransport.RELAY_TCP, "r.test", 5349, "tls"),
        (IceTransport.RELAY_TCP, "r.test", 3478, "tcp"),
    ]
    assert urls_for(IceTransport.DIRECT, URLS) == []


def test_each_way_is_told_its_own_relays_and_nothing_else():
    engine_message = {
        "type": "engine",
        "ice_servers": [{"urls": URLS, "username": "u", "credential": "c"}],
        "ice_transport_policy": "all",
    }
    direct, udp, tcp = (restricted_to(transport, engine_message) for transport in IceTransport)
    assert (direct["ice_servers"], direct["ice_transport_policy"]) == ([], "all")
    assert [server["urls"] for server in udp["ice_servers"]] == [[URLS[0], URLS[2]]]
    assert tcp["ice_servers"] == [{"urls": [URLS[1]], "username": "u", "credential": "c"}]
    assert udp["ice_transport_policy"] == tcp["ice_transport_policy"] == "relay"


class Engine:
    """A media server that notes what it is asked."""

    def __init__(self):
        self.opened, self.admitted, self.closed, self.heard = {}, [], [], []
        self.turn = Turn(urls=tuple(URLS[:2]), secret="s" * 32)

    async def open_room(self, room, *, capacity):
        self.opened[room] = capacity

    async def attach(self, admission, *, to_client, to_others):
        self.admitted.append(admission)
        await to_client(self.turn.engine_message("builtin", admission))
        return Session(self, admission)

    async def close(self, room, *, reason="ended"):
        self.closed.append(room)


class Session:
    def __init__(self, engine, admission):
        self.engine, self.admission = engine, admission

    async def send(self, message):
        self.engine.heard.append((self.admission.peer, message))

    async def close(self, *, leave=False):
        self.engine.heard.append((self.admission.peer, "left"))


@pytest.fixture
def engine(monkeypatch):
    engine = Engine()
    monkeypatch.setattr("sessions_live.engines.server", lambda: engine)
    return engine


@pytest.fixture
def check(scenes, settings):
    settings.TURN_URLS = URLS[:2]

    def run(play):
        async def scene(connect):
            def page(user, organization="north", at_host=""):
                socket = connect(None, user, organization, at_host)
                socket.path = "/ws/connection-test/"
                return socket

            await play(page)

        scenes(scene)

    return run


def test_person_tries_a_way_in_a_private_room(cast, engine, check):
    async def play(page):
        gus = await page(cast.gus).open()
        await gus.send_message("hello")
        ready = await gus.hear("ready")
        assert ready["server"] is True
        assert ready["relays"][1] == {
            "transport": "relay-tcp",
            "host": "relay.north.test",
            "port": 443,
            "protocol": "tls",
        }
        await gus.send_message("try", transport="direct")
        sides = {message["side"]: message["message"] for message in (await gus.hear("media"), await gus.hear("media"))}
        assert set(sides) == {"one", "two"}
        assert [side["ice_servers"] for side in sides.values()] == [[], []]
        await gus.send_message("media", transport="direct", side="two", message={"type": "subscribe.start"})
        await gus.send_message("done", transport="direct")
        await gus.send_message("ping", at=1)
        await gus.hear("pong")

    check(play)
    (room,) = engine.opened
    assert engine.opened == {room: 2} and engine.closed == [room]
    one, two = engine.admitted
    assert (one.rights, two.rights) == ({"audio", "video", "data"}, {"subscribe"})
    assert engine.heard[0] == (two.peer, {"type": "subscribe.start"})
    assert "north" not in room and str(cast.gus.pk) not in one.peer + two.peer + room


def test_relay_gets_credentials_and_only_its_own_protocol(cast, engine, check):
    async def play(page):
        gus = await page(cast.gus).open()
        await gus.send_message("hello")
        await gus.send_message("try", transport="relay-tcp")
        (server,) = (await gus.hear("media"))["message"]["ice_servers"]
        assert server["urls"] == [URLS[1]] and server["credential"]

    check(play)


def test_without_relays_that_is_said(cast, engine, check, settings):
    async def play(page):
        settings.TURN_URLS = []
        gus = await page(cast.gus).open()
        await gus.send_message("hello")
        assert (await gus.hear("ready"))["relays"] == []
        await gus.send_message("try", transport="relay-udp")
        assert (await gus.hear("no_relay"))["transport"] == "relay-udp"

    check(play)
    assert engine.opened == {}


def test_media_server_that_is_away_is_said_and_the_socket_goes_on(cast, check, monkeypatch):
    def gone():
        raise EngineError("unreachable", "The media server cannot be reached. Try again in a moment.")

    monkeypatch.setattr("sessions_live.engines.server", gone)

    async def play(page):
        gus = await page(cast.gus).open()
        await gus.send_message("hello")
        assert (await gus.hear("ready"))["server"] is False
        await gus.send_message("try", transport="direct")
        assert (await gus.hear("away"))["code"] == "unreachable"
        await gus.send_message("ping", at=5)
        assert (await gus.hear("pong"))["at"] == 5

    check(play)


@pytest.mark.parametrize("who", ["nobody", "foreign"])
def test_stranger_gets_nothing(cast, engine, check, who):
    async def play(page):
        socket = page(cast.olga, "south", at_host="north") if who == "foreign" else page(None)
        assert await (await socket.open()).closed() == 4401

    check(play)
    assert engine.opened == {}


def test_login_that_was_switched_off_cannot_begin(cast, engine, check):
    async def play(page):
        gus = await page(cast.gus).open()

        def off():
            cast.gus.is_active = False
            cast.gus.save()

        await sync_to_async(off)()
        await gus.send_message("hello")
        assert await gus.closed() == 4401

    check(play)


def test_nothing_is_tried_before_hello_and_no_way_twice(cast, engine, check):
    async def play(page):
        gus = await page(cast.gus).open()
        await gus.send_message("try", transport="direct")
        assert (await gus.hear("error"))["code"] == "not_joined"
        await gus.send_message("media", transport="direct", side="one", message={"type": "subscribe.start"})
        assert (await gus.hear("error"))["code"] == "not_joined"
        await gus.send_message("hello")
        await gus.hear("ready")
        for _ in range(2):
            await gus.send_message("try", transport="direct")
        assert (await gus.hear("error"))["code"] == "already_joined"
        for wrong in (
            {"type": "try", "transport": "sideways"},
            {"type": "join", "token": "x"},
            {"type": "media", "transport": "direct"},
        ):
            await gus.send(json.dumps(wrong))
            assert (await gus.hear("error"))["code"] in ("bad_message", "unknown_type")

    check(play)
    assert len(engine.opened) == 1


def test_too_many_tests_are_refused(cast, engine, check, monkeypatch):
    monkeypatch.setattr(connection_test, "STARTS", replace(connection_test.STARTS, most=2))

    async def play(page):
        browser = None
        for number in range(3):
            nora = await page(cast.nora).open(browser)
            browser = nora.browser
            await nora.send_message("hello")
            if number < 2:
                await nora.hear("ready")
        assert (await nora.hear("error"))["code"] == "too_often"
        assert await nora.closed() == 4429
        tess = await page(cast.tess).open()  # another person is not concerned
        await tess.send_message("hello")
        await tess.hear("ready")

    check(play)


def test_flood_closes(cast, engine, check):
    async def play(page):
        gus = await page(cast.gus).open()
        for _ in range(500):
            await gus.send(json.dumps({"type": "nothing"}))
        assert await gus.closed() == 4429

    check(play)


def test_page_that_goes_leaves_no_room(cast, engine, check):
    async def play(page):
        gus = await page(cast.gus).open()
        await gus.send_message("hello")
        await gus.send_message("try", transport="direct")
        await gus.hear("media", side="two")
        await gus.lose()
        await gus.line.wait(2)
        gus.line = None

    check(play)
    assert len(engine.closed) == 1


def test_page_that_stays_is_closed_after_a_while(cast, engine, check, monkeypatch):
    monkeypatch.setattr("sessions_live.consumers.connection_test.LIFE", 0.1)

    async def play(page):
        gus = await page(cast.gus).open()
        assert await gus.closed() == 4410

    check(play)
