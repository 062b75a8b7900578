"""Who may do what, and what happens to those who may not: the worker enforces it, whatever the product thinks."""

import asyncio
import json
import time

import pytest

from deploy.bench.media_client import Client
from sessions_live.media.engine import EngineError
from sessions_live.sfu.tokens import control_token, peer_token
from tests.sfu.control import control
from tests.sfu.stage import SECRET, until

pytestmark = pytest.mark.media
OPUS = 111


async def said(worker, *lines):
    """Send raw lines on a fresh stream and return all answers until it is quiet or closed."""
    reader, writer = await asyncio.open_connection(*worker.reach.split(":"))
    for line in lines:
        writer.write(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
    answers = []
    try:
        async with asyncio.timeout(0.5):
            while line := await reader.readline():
                answers.append(json.loads(line))
    except (TimeoutError, ConnectionResetError):
        pass
    writer.close()
    return answers


def token(**changes):
    given = {
        "secret": SECRET,
        "room": "r",
        "peer": "p",
        "rights": frozenset({"subscribe"}),
        "now": time.time(),
    } | changes
    return peer_token(**given)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"secret": "another-secret-of-somebody-else-000000"}, "token_invalid"),
        ({"now": time.time() - 3600}, "token_expired"),
        ({"now": time.time() + 3600}, "token_invalid"),
    ],
)
async def test_join_with_a_bad_token_is_refused_and_the_stream_closed(worker, given, code):
    answers = await said(worker, {"type": "join", "token": token(**given)}, {"type": "subscribe.start"})
    assert [answer["code"] for answer in answers] == [code]
    assert worker.rooms == {}


async def test_join_twice_with_one_token_is_refused(worker):
    once = token()
    assert (await said(worker, {"type": "join", "token": once}))[0]["type"] == "joined"
    assert (await said(worker, {"type": "join", "token": once}))[0]["code"] == "token_used"


async def test_nothing_works_before_join(worker):
    answers = await said(
        worker, {"type": "subscribe.start"}, {"type": "publish.offer", "sdp": "", "tracks": []}, b"rubbish\n"
    )
    assert [answer["code"] for answer in answers] == ["not_joined", "not_joined", "bad_message"]


async def test_control_token_cannot_join_and_peer_token_cannot_control(worker):
    control_one = control_token(secret=SECRET, now=time.time())
    assert (await said(worker, {"type": "join", "token": control_one}))[0]["code"] == "token_invalid"
    assert (await said(worker, {"type": "control.hello", "token": token()}))[0]["code"] == "token_invalid"


async def test_peer_cannot_send_control_messages(worker):
    answers = await said(
        worker, {"type": "join", "token": token()}, {"type": "control.close", "room": "r", "reason": "x"}
    )
    assert answers[-1]["code"] == "unknown_type"
    assert "r" in worker.rooms


async def test_control_of_one_room_cannot_touch_another(worker, room):
    await room("olga", name="south")
    with pytest.raises(EngineError, match="not_allowed"):
        await control(worker, {"type": "control.close", "room": "south", "reason": "x"}, room="north")
    with pytest.raises(EngineError, match="not_allowed"):
        await control(worker, {"type": "control.drain", "seconds": 1}, room="north")
    assert "south" in worker.rooms


@pytest.mark.parametrize(
    ("rights", "source", "code"),
    [({"video"}, "audio", "not_allowed"), ({"audio"}, "camera", "not_allowed"), ({"video"}, "screen", "not_allowed")],
)
async def test_publish_without_the_right_is_refused(room, rights, source, code):
    tess = await room("tess", rights=frozenset(rights))
    cleo = await room("cleo", subscribe=True)
    with pytest.raises(PermissionError, match=code):
        await tess.publish(source)
    assert not [message for message in cleo.messages if message["type"] == "producer.added"]


async def test_subscribe_without_the_right_is_refused(room):
    await room("tess", "audio")
    cleo = await room("cleo", subscribe=True, rights=frozenset({"audio"}))
    assert (await cleo.message("error"))["code"] == "not_allowed"
    assert cleo.down is None


async def test_rights_taken_away_end_what_they_allowed(worker, room):
    tess = await room("tess", "audio", "camera")
    cleo = await room("cleo", subscribe=True)
    await until(lambda: cleo.down and cleo.down.connected)
    await control(worker, {"type": "control.rights", "room": "r", "peer": "tess", "rights": ["audio"]})
    assert (await cleo.message("producer.removed"))["producer"] == "tess.2"
    assert (await tess.message("rights"))["rights"] == ["audio"]
    before = len(cleo.of_type(96))
    for _ in range(5):
        tess.senders["camera"].frame(key=True)
        tess.senders["audio"].voice()
        await asyncio.sleep(0.02)
    await until(lambda: cleo.of_type(OPUS))
    assert len(cleo.of_type(96)) == before


async def test_kick_closes_the_transports_and_refuses_earlier_tokens(worker, room):
    early = token(peer="tess", rights=frozenset({"audio"}))
    tess = await room("tess", "audio")
    cleo = await room("cleo", subscribe=True)
    await until(lambda: cleo.down and cleo.down.connected)
    await control(worker, {"type": "control.revoke", "room": "r", "peer": "tess", "reason": "disturbing"})
    assert (await tess.message("kicked"))["reason"] == "disturbing"
    assert (await cleo.message("peer.left"))["reason"] == "kicked"
    await asyncio.sleep(0.1)
    before, dropped = len(cleo.received), worker.port.dropped
    for _ in range(5):
        tess.senders["audio"].voice()
    await asyncio.sleep(0.1)
    assert len(cleo.received) == before
    assert worker.port.dropped >= dropped + 5, "not even decrypted any more"
    assert (await said(worker, {"type": "join", "token": early}))[0]["code"] == "token_invalid"


async def test_kick_of_somebody_absent_says_so(worker, room):
    await room("tess")
    with pytest.raises(EngineError, match="unknown_peer"):
        await control(worker, {"type": "control.revoke", "room": "r", "peer": "nobody", "reason": "x"})


async def test_room_is_full_at_its_capacity(worker, room):
    await control(worker, {"type": "control.open", "room": "r", "capacity": 2})
    await room("tess")
    await room("cleo")
    with pytest.raises(EngineError, match="room_full"):
        await room("gus")
    assert sorted(worker.room("r").peers) == ["cleo", "tess"]


async def test_mute_of_somebody_else_is_refused(room):
    await room("tess", "audio")
    cleo = await room("cleo")
    cleo.stream.send({"type": "mute", "producer": "tess.1", "muted": True})
    assert (await cleo.message("error"))["code"] == "unknown_producer"


async def test_lost_signalling_keeps_the_call_and_resume_takes_it_over(worker, room):
    tess = await room("tess", "audio")
    cleo = await room("cleo", subscribe=True)
    await until(lambda: cleo.down and cleo.down.connected)
    tess.stream.close()
    await until(lambda: worker.room("r").peers["tess"].lost_at)
    for _ in range(5):
        tess.senders["audio"].voice()
        await asyncio.sleep(0.02)
    await until(lambda: cleo.of_type(OPUS))
    assert not [message for message in cleo.messages if message["type"] == "peer.left"]
    again = Client("tess")
    joined = await again.join(worker.reach, secret=SECRET, room="r", resume=True)
    assert joined["resumed"] is True
    assert worker.room("r").peers["tess"].lost_at is None
    again.close()


async def test_join_again_without_resume_replaces_the_old_peer(worker, room):
    tess = await room("tess", "audio")
    cleo = await room("cleo", subscribe=True)
    again = await room("tess")
    assert (await cleo.message("peer.left"))["reason"] == "left"
    assert worker.room("r").peers["tess"].publishing is None
    tess.stream.send({"type": "mute", "producer": "tess.1", "muted": True})
    again.stream.send({"type": "ping", "at": 5})
    assert (await again.message("pong"))["at"] == 5


async def test_flood_of_messages_is_refused_and_the_stream_closed(worker, room):
    tess = await room("tess", "audio")
    cleo = await room("cleo", subscribe=True)
    for _ in range(1000):
        tess.stream.send({"type": "ping", "at": 1})
    assert (await tess.message("error"))["code"] == "rate_limited"
    await until(lambda: worker.room("r").peers["tess"].lost_at)
    cleo.stream.send({"type": "ping", "at": 7})
    assert (await cleo.message("pong"))["at"] == 7


@pytest.mark.parametrize("messages", [5_000, 50_000])
async def test_flood_learns_why_it_was_closed_although_it_says_more_than_is_read(worker, room, messages):
    tess = await room("tess")
    for _ in range(messages):
        tess.stream.send({"type": "ping", "at": 1})
    assert (await tess.message("error"))["code"] == "rate_limited"
    await asyncio.wait_for(tess._reader, 5)  # the stream ends; it is not left hanging


async def test_too_long_line_ends_only_that_stream(worker, room):
    cleo = await room("cleo")
    answers = await said(worker, b"x" * 600_000 + b"\n")
    assert answers[0]["code"] == "too_large"
    cleo.stream.send({"type": "ping", "at": 7})
    await cleo.message("pong")


async def test_drain_tells_everybody_and_stops_when_empty(worker, room):
    tess = await room("tess")
    await control(worker, {"type": "control.drain", "seconds": 30})
    assert (await tess.message("drain"))["seconds"] == 30
    with pytest.raises(EngineError, match="draining"):
        await room("olga", name="south")
    tess.stream.send({"type": "leave"})
    await until(worker.stopped.is_set)
