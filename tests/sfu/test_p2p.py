"""The relaying of peer-to-peer sessions, without browsers."""

import asyncio

import pytest

from sessions_live.media import p2p
from sessions_live.media.engine import Admission, EngineError
from sessions_live.media.p2p import P2PEngine
from sessions_live.media.turn import Turn


class Room:
    """Relays between sessions as the product does, wherever their processes are."""

    def __init__(self, engine=None, loses=lambda number, message: False):
        self.engine = engine or P2PEngine()
        self.sessions = {}
        self.heard = {}
        self.loses = loses
        self.said = []

    async def enter(self, peer):
        self.heard[peer] = []

        async def to_client(message):
            self.heard[peer].append(message)

        async def to_others(message):
            self.said.append(message)
            if self.loses(len(self.said), message):
                return
            for other, session in list(self.sessions.items()):
                if other != peer:
                    await session.deliver(message)

        admission = Admission(room="r", peer=peer, rights=frozenset())
        late = []

        class Early:
            async def deliver(self, message):
                late.append(message)

        self.sessions[peer] = Early()
        self.sessions[peer] = await self.engine.attach(admission, to_client=to_client, to_others=to_others)
        for message in late:
            await self.sessions[peer].deliver(message)
        return self.sessions[peer]

    def types(self, peer):
        return [message["type"] for message in self.heard[peer]]


async def test_two_meet_and_exactly_one_is_polite():
    room = Room()
    await room.enter("tess")
    await room.enter("cleo")
    assert room.types("tess") == room.types("cleo") == ["engine", "p2p.peer"]
    assert {room.heard[peer][1]["polite"] for peer in ("tess", "cleo")} == {True, False}
    assert room.heard["tess"][1]["peer"] == "cleo"


async def test_descriptions_and_candidates_reach_the_other_only_and_lose_extra_fields():
    room = Room()
    tess = await room.enter("tess")
    await room.enter("cleo")
    await tess.send(
        {"type": "p2p.description", "description": {"type": "offer", "sdp": "x"}, "peer": "nora", "to": "tess"}
    )
    await tess.send({"type": "p2p.candidate", "candidate": None})
    assert room.heard["cleo"][2:] == [
        {"type": "p2p.description", "peer": "tess", "description": {"type": "offer", "sdp": "x"}},
        {"type": "p2p.candidate", "peer": "tess", "candidate": None},
    ]
    assert len(room.heard["tess"]) == 2


async def test_third_person_is_refused_and_the_two_go_on():
    room = Room()
    tess = await room.enter("tess")
    await room.enter("cleo")
    gus = await room.enter("gus")
    assert "room_full" in [message.get("code") for message in room.heard["gus"]]
    await gus.send({"type": "p2p.description", "description": {}})
    await tess.send({"type": "p2p.tracks", "tracks": []})
    assert room.types("cleo")[-1] == "p2p.tracks"
    assert "p2p.description" not in room.types("cleo") + room.types("tess")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "p2p.hello"}, "unknown_type"),
        ({"type": "p2p.peer", "peer": "x", "polite": True}, "unknown_type"),
        ({"type": "publish.offer", "sdp": "", "tracks": []}, "unknown_type"),
        ({"type": "p2p.description", "description": "text"}, "bad_message"),
        ({"type": "p2p.description", "description": {"sdp": "x" * 300_000}}, "too_large"),
        ("text", "bad_message"),
        (None, "bad_message"),
    ],
)
async def test_message_of_another_shape_is_answered_to_its_sender(message, code):
    room = Room()
    tess = await room.enter("tess")
    await room.enter("cleo")
    await tess.send(message)
    assert room.heard["tess"][-1]["code"] == code
    assert len(room.heard["cleo"]) == 2


async def test_flood_is_cut_off():
    room = Room()
    tess = await room.enter("tess")
    await room.enter("cleo")
    for _ in range(500):
        await tess.send({"type": "p2p.candidate", "candidate": None})
    assert room.heard["tess"][-1]["code"] == "rate_limited"
    assert len(room.heard["cleo"]) < 150


async def test_leaving_is_told_and_a_lost_socket_is_not():
    room = Room()
    tess = await room.enter("tess")
    cleo = await room.enter("cleo")
    await cleo.close()
    assert room.types("tess")[-1] == "p2p.peer"
    await tess.send({"type": "leave"})
    assert room.types("cleo")[-1] == "p2p.bye"


async def test_coming_back_meets_again():
    room = Room()
    await room.enter("tess")
    await room.enter("cleo")
    await room.enter("cleo")
    assert room.types("tess") == ["engine", "p2p.peer", "p2p.peer"]


async def test_turn_credentials_are_ours_and_relay_only_hides_addresses():
    turn = Turn(urls=("turn:turn.example.com",), secret="s")
    config = await P2PEngine(turn=turn, relay_only=True).admit(Admission(room="r", peer="p", rights=frozenset()))
    assert config["ice_transport_policy"] == "relay"
    assert config["ice_servers"][0]["username"].endswith(":p")
    plain = await P2PEngine(relay_only=True).admit(Admission(room="r", peer="p", rights=frozenset()))
    assert (plain["ice_transport_policy"], plain["ice_servers"]) == ("all", [])


async def test_what_needs_a_server_says_so():
    engine = P2PEngine()
    for refused in (
        engine.start_recording("r", recording="x"),
        engine.set_rights("r", "p", frozenset()),
        engine.open_room("r", capacity=3),
    ):
        with pytest.raises(EngineError) as caught:
            await refused
        assert caught.value.permanent


@pytest.fixture
def impatient(monkeypatch):
    """Sessions call again after hundredths of a second."""
    monkeypatch.setattr(p2p, "CALL_AGAIN", (0.01, 0.02))


async def met(room, *people):
    """Wait until the browsers of these people know of the other one."""
    async with asyncio.timeout(1):
        while not all("p2p.peer" in room.types(person) for person in people):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("lost", [{1}, {2}, {3}, {2, 3}, {1, 2, 3}, {2, 4}, {3, 5}, {2, 3, 4, 5, 6, 7}])
async def test_two_meet_whichever_messages_the_relay_loses(impatient, lost):
    room = Room(loses=lambda number, message: number in lost)
    await room.enter("tess")
    await room.enter("cleo")
    await met(room, "tess", "cleo")
    tess, cleo = ({message["polite"] for message in room.heard[who] if "polite" in message} for who in ("tess", "cleo"))
    assert sorted([*tess, *cleo]) == [False, True]


@pytest.mark.parametrize("pauses", [(0, 0), (0.005, 0), (0, 0.015), (0.03, 0.01)])
async def test_two_meet_however_late_messages_are(impatient, pauses):
    """Each session takes what it is told in order, but late, as sockets of busy processes do."""
    room = Room()
    lines = {}

    async def line(peer, pause):
        while True:
            message = await lines[peer].get()
            await asyncio.sleep(pause)
            await room.late[peer].deliver(message)

    class Late:
        def __init__(self, peer):
            self.peer = peer

        async def deliver(self, message):
            lines[self.peer].put_nowait(message)

    room.late = {}
    tasks = []
    for peer, pause in zip(("tess", "cleo"), pauses, strict=True):
        lines[peer] = asyncio.Queue()
        room.late[peer] = await room.enter(peer)
        room.sessions[peer] = Late(peer)
        tasks.append(asyncio.create_task(line(peer, pause)))
    await met(room, "tess", "cleo")
    for task in tasks:
        task.cancel()


async def test_nobody_calls_again_who_has_met_or_gone_or_is_too_many(impatient):
    room = Room()
    await room.enter("tess")
    await room.enter("cleo")
    await room.enter("gus")
    left = Room()
    alone = await left.enter("nora")
    await alone.close()
    before = len(room.said)
    await asyncio.sleep(0.1)
    assert len(room.said) == before
    assert [message["type"] for message in left.said] == ["p2p.hello"]


async def test_one_who_waits_goes_on_calling_while_the_relay_is_away(impatient):
    def away(number, message):
        if number in (2, 3):
            raise ConnectionError
        return False

    room = Room(loses=away)
    await room.enter("tess")
    async with asyncio.timeout(1):
        while len(room.said) < 5:
            await asyncio.sleep(0.01)
