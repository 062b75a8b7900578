"""The engine `janus` against Debian's Janus: the same page, the same messages, another media server.

Janus' library skips loopback, so all of it runs in a network namespace that has another address. Where there can be no namespace, the machine's
own address serves.
"""

import asyncio
from contextlib import ExitStack

import pytest

from deploy.bench.media_client import EVERYTHING
from deploy.local import distribution
from sessions_live.media.engine import Admission, EngineError
from sessions_live.media.janus import JanusEngine
from tests.sfu import net
from tests.sfu.chromium import running_chromium
from tests.sfu.janus_server import running_janus
from tests.sfu.pages import enter, hears, named, received, sees
from tests.sfu.stage import Stage, until

pytestmark = [pytest.mark.media, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def network():
    """Everything in a network of its own."""
    distribution.program("janus")  # first, because nothing can be fetched from in there
    with ExitStack() as stack:
        if not net.possible():
            stack.enter_context(stack.enter_context(net.guest(7)).at_server())
        yield


@pytest.fixture(scope="module")
def chromium(network, tmp_path_factory):
    """A Chromium that is in there, too."""
    with running_chromium(tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
async def janus(tmp_path):
    async with running_janus(tmp_path / "janus", recordings=tmp_path / "kept") as server:
        yield JanusEngine(server)


@pytest.fixture
async def stage(janus):
    stage = Stage("127.0.0.1:1")
    stage.engines["janus"] = janus
    async with stage.open():
        yield stage


async def meet(page, *peers, **given):
    for peer in peers:
        await enter(page, peer, engine="janus", **given)


async def test_two_people_see_and_hear_each_other_through_janus(page, janus):
    await meet(page, "tess", "cleo")
    for me, other in (("tess", "cleo"), ("cleo", "tess")):
        await until(sees(page, me, f"{other} camera"), 30)
        await until(hears(page, me, f"{other} audio"), 10)
        pixels = await page.evaluate(f"people.{me}.pixels('{other} camera')")
        assert pixels["max"] - pixels["min"] > 50, "a picture, not a blank"
        assert (await page.evaluate(f"people.{me}.call.state")) == "connected"
    assert await page.evaluate("people.cleo.named('problem')") == []
    stats = await janus.stats("r")
    assert {(one["peer"], one["publishing"]) for one in stats["peers"]} == {("tess", True), ("cleo", True)}
    assert stats["recording"] is False


async def test_picture_follows_its_tile_and_ends_when_hidden(page):
    await meet(page, "tess", voice=False, size=(1280, 720))
    await meet(page, "cleo", voice=False, camera=False)
    await until(sees(page, "cleo", "tess camera"), 30)
    for height, width in ((180, 320), (360, 640)):
        await page.evaluate(f"people.cleo.call.show([{{peer: 'tess', source: 'camera', height: {height}}}])")

        async def wide(width=width):
            return await received(page, "cleo", "tess camera", "width") == width

        await until(wide, 45)  # because a busy machine makes the browser raise its bit rate slowly
    await page.evaluate("people.cleo.call.show([{peer: 'tess', source: 'camera', height: 0}])")
    await until(lambda: page.evaluate("people.cleo.named('layer').at(-1).rid === null"))
    await asyncio.sleep(0.5)
    before = await received(page, "cleo", "tess camera")
    await asyncio.sleep(1)
    # None should come; two tolerate pictures that were decoded, but not yet counted, when the looking began.
    assert await received(page, "cleo", "tess camera") - before <= 2


async def test_mute_screen_and_leaving_are_told(page):
    await meet(page, "tess", "cleo")
    await until(sees(page, "cleo", "tess camera"), 30)
    await page.evaluate("people.tess.call.mute('audio', true)")
    await until(lambda: page.evaluate("people.cleo.call.remote.get('tess audio').muted"))
    await page.evaluate("people.tess.screen()")
    await until(sees(page, "cleo", "tess screen", 3), 20)
    await page.evaluate("people.tess.call.unpublish('screen')")
    await until(lambda: page.evaluate("!people.cleo.call.remote.has('tess screen')"))
    await page.evaluate("people.tess.screen()")
    await until(sees(page, "cleo", "tess screen", 3), 20)
    before = await received(page, "cleo", "tess camera")
    await until(sees(page, "cleo", "tess camera", before + 10))
    await page.evaluate("people.tess.call.close()")
    left = await until(lambda: page.evaluate("people.cleo.named('peer').filter(one => !one.present)"))
    assert [(one["peer"], one["reason"]) for one in left] == [("tess", "left")]
    assert await page.evaluate("people.cleo.call.remote.size") == 0


async def test_a_third_person_comes_later_and_lines_are_used_again(page):
    await meet(page, "tess", "cleo", size=(320, 180))
    await until(sees(page, "cleo", "tess camera"), 30)
    for _ in range(2):
        await meet(page, "gus", size=(320, 180))
        await until(sees(page, "cleo", "gus camera"), 30)
        await until(hears(page, "cleo", "gus audio", 3), 30)  # whose line may come after the picture's
        await page.evaluate("people.gus.call.close()")
        await until(lambda: page.evaluate("!people.cleo.call.remote.has('gus camera')"))
    lines = await page.evaluate("people.cleo.call.engine.sub.remoteDescription.sdp.match(/^m=/gm).length")
    assert lines == 4, "voice and picture of two others"


async def test_kick_ends_what_they_say_and_what_they_hear(page, janus):
    await meet(page, "tess", "cleo", size=(320, 180))
    await until(sees(page, "tess", "cleo camera"), 30)
    await janus.revoke("r", "cleo", reason="removed")
    await until(named(page, "cleo", "kicked"))
    left = await until(lambda: page.evaluate("people.tess.named('peer').filter(one => !one.present)"))
    assert (left[0]["peer"], left[0]["reason"]) == ("cleo", "kicked")
    assert [one["peer"] for one in (await janus.stats("r"))["peers"]] == ["tess"]
    with pytest.raises(EngineError, match="unknown_peer"):
        await janus.revoke("r", "cleo", reason="removed")


async def test_rights_taken_away_silence_at_janus(page, janus):
    await meet(page, "tess", "cleo", size=(320, 180))
    await until(sees(page, "cleo", "tess camera"), 30)
    await janus.set_rights("r", "tess", frozenset({"audio", "subscribe"}))
    await until(lambda: page.evaluate("!people.cleo.call.remote.has('tess camera')"))
    before = await received(page, "cleo", "tess audio", "packets")
    await until(hears(page, "cleo", "tess audio", before + 20))
    with pytest.raises(EngineError, match="unknown_peer"):
        await janus.set_rights("r", "nobody", frozenset())


async def test_call_goes_on_while_the_socket_is_lost(page, stage):
    await meet(page, "tess", "cleo", size=(320, 180))
    await until(sees(page, "cleo", "tess camera"), 30)
    await stage.sockets["r", "cleo"].close()
    before = await received(page, "cleo", "tess camera")
    await until(lambda: stage.log.count(("cleo", "<joined")) == 2, 20)
    await until(sees(page, "cleo", "tess camera", before + 20), 30)
    assert not [one for one in await page.evaluate("people.tess.named('peer')") if not one["present"]]


async def test_janus_that_was_restarted_is_found_again(page, janus, tmp_path, stage):
    await meet(page, "tess", "cleo", size=(320, 180))
    await until(sees(page, "cleo", "tess camera"), 30)
    for session in list(janus._sessions.values()):
        await session._wire._socket.close()  # as when Janus forgets us
    await until(lambda: sum(kind == "<joined" for _, kind in stage.log) == 4, 15)
    before = await received(page, "cleo", "tess camera")
    await until(sees(page, "cleo", "tess camera", before + 20), 20)


class Person:
    """A page made of messages."""

    def __init__(self):
        self.messages = []

    async def enter(self, janus, peer, *, rights=EVERYTHING, room="r"):
        async def take(message):
            self.messages.append(message)

        admission = Admission(room=room, peer=peer, rights=rights)
        self.session = await janus.attach(admission, to_client=take, to_others=take)
        return self

    def codes(self):
        return [message["code"] for message in self.messages if message["type"] == "error"]


OFFER = """v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r
c=IN IP4 0.0.0.0\r\na=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r
a=fingerprint:sha-256 {print}\r\na=setup:actpass\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r
""".format(print=":".join(["AA"] * 32))


async def test_janus_that_stays_away_is_said_to_be_lost(janus, monkeypatch):
    async def away(*_, **__):
        raise EngineError("unreachable", "nobody answers")

    await janus.open_room("r")
    cleo = await Person().enter(janus, "cleo")
    monkeypatch.setattr("sessions_live.media.janus_session.WAITS", (0.01, 0.01))
    monkeypatch.setattr(janus, "open_room", away)
    await cleo.session._wire._socket.close()
    # Not `transport_failed`, because on that the page makes its connections anew, and there is nothing to make them to.
    await until(lambda: cleo.codes() == ["server_lost"], 5)


async def test_publishing_without_right_or_undeclared_never_reaches_janus(janus):
    await janus.open_room("r")
    tess = await Person().enter(janus, "tess", rights=frozenset({"video", "subscribe"}))
    cleo = await Person().enter(janus, "cleo")
    track = {"mid": "0", "source": "audio"}
    await tess.session.send({"type": "publish.offer", "sdp": OFFER, "tracks": [track]})
    await tess.session.send({"type": "publish.offer", "sdp": OFFER, "tracks": []})
    await tess.session.send({"type": "publish.offer", "sdp": OFFER, "tracks": [track | {"source": "camera"}]})
    await tess.session.send({"type": "publish.offer", "sdp": "rubbish", "tracks": [track]})
    await tess.session.send({"type": "control.close", "room": "r"})
    await tess.session.send({"type": "join", "token": "x"})
    await tess.session.send({"type": "mute", "producer": "cleo.0", "muted": True})
    assert tess.codes() == ["not_allowed", "bad_message", "bad_message", "bad_sdp", "unknown_type", "unknown_type",
                            "unknown_producer"]  # fmt: skip
    await cleo.session.send({"type": "publish.offer", "sdp": OFFER, "tracks": [track]})
    answers = [one for one in cleo.messages if one["type"] == "publish.answer"]
    assert answers[0]["producers"] == [{"mid": "0", "id": "cleo.0"}], "with the right, the same offer is taken"
    assert not [one for one in tess.messages if one["type"] == "publish.answer"]


async def test_room_takes_no_more_than_its_capacity(janus):
    await janus.open_room("r", capacity=2)
    await Person().enter(janus, "tess")
    await Person().enter(janus, "cleo")
    with pytest.raises(EngineError, match="room_full"):
        await Person().enter(janus, "gus")
    again = await Person().enter(janus, "cleo")
    assert [one["type"] for one in again.messages] == ["engine", "joined"], "the same person on a second page"


async def test_recording_needs_everybodys_consent_and_says_so(janus, tmp_path):
    await janus.open_room("r")
    tess = await Person().enter(janus, "tess")
    cleo = await Person().enter(janus, "cleo", rights=EVERYTHING - {"record"})
    with pytest.raises(EngineError, match="has not agreed"):
        await janus.start_recording("r", recording="take")
    await cleo.session.close(leave=True)
    await until(lambda: [one for one in tess.messages if one["type"] == "peer.left"])
    await janus.start_recording("r", recording="take")
    assert tess.messages[-1] == {"type": "recording", "on": True}
    assert (await janus.stats("r"))["recording"] is True
    late = await Person().enter(janus, "gus", rights=EVERYTHING - {"record"})
    assert late.messages[-1]["recording"] is True
    await late.session.send({"type": "publish.offer", "sdp": OFFER, "tracks": [{"mid": "0", "source": "audio"}]})
    assert late.codes() == ["not_allowed"]
    await tess.session.send({"type": "publish.offer", "sdp": OFFER, "tracks": [{"mid": "0", "source": "audio"}]})
    with pytest.raises(EngineError, match="end the recording first"):
        await janus.set_rights("r", "tess", EVERYTHING - {"record"})
    kept = await janus.stop_recording("r")
    assert kept.recording == "take"
    assert (await janus.stats("r"))["recording"] is False
    with pytest.raises(EngineError, match="Nothing is being recorded"):
        await janus.stop_recording("r")


async def test_recording_of_a_call_leaves_files(page, janus, tmp_path):
    await meet(page, "tess", "cleo", size=(320, 180))
    await until(sees(page, "cleo", "tess camera"), 30)
    await janus.start_recording("r", recording="take")
    await until(named(page, "cleo", "recording"))
    await asyncio.sleep(2)
    kept = await janus.stop_recording("r")
    assert len(kept.files) == 4, "voice and picture of two people"
    assert all((tmp_path / "kept" / "take" / name).stat().st_size > 1000 for name in kept.files)


async def test_janus_with_numbers_for_names_is_refused_with_the_cure(tmp_path):
    async with running_janus(tmp_path / "janus", string_ids=False) as server:
        with pytest.raises(EngineError, match="string_ids = true"):
            await JanusEngine(server).open_room("r")


async def test_closed_room_ends_for_everybody(janus):
    await janus.open_room("r")
    tess = await Person().enter(janus, "tess")
    await janus.close("r", reason="ended")
    await until(lambda: tess.messages[-1]["type"] == "kicked")
    with pytest.raises(EngineError, match="unknown_peer"):
        await janus.stats("r")


async def test_janus_out_of_reach_is_told(tmp_path):
    async with running_janus(tmp_path / "janus") as server:
        pass
    with pytest.raises(EngineError, match="unreachable"):
        await JanusEngine(server).open_room("r")
