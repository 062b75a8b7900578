"""What is written of a session: whole, playable after a kill, nothing of those who did not agree, no maker's name."""

import asyncio
import json
import time
from fractions import Fraction
from types import SimpleNamespace

import av
import pytest

from sessions_live.sfu.recording import compose, frames, webm
from sessions_live.sfu.recording.compose import ComposeError
from tests.sfu.control import control
from tests.sfu.recordings import probe, record, stop
from tests.sfu.stage import EVERYTHING, until

pytestmark = pytest.mark.media
VP8_DESCRIPTOR = bytes([0x90, 0x80, 0x80, 1])


@pytest.fixture(scope="module")
def clip():
    """Real VP8 frames and Opus packets: (frames with a key frame first, packets)."""
    pictures, sounds = [], []
    video = av.CodecContext.create("libvpx", "w")
    video.width, video.height, video.pix_fmt, video.time_base = 320, 180, "yuv420p", Fraction(1, 20)
    video.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "g": "20", "b": "200k"}
    for number in range(60):
        frame = av.VideoFrame(320, 180, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([(number * 4) % 256]) * plane.buffer_size)
        frame.pts = number
        pictures += [bytes(packet) for packet in video.encode(frame)]
    audio = av.CodecContext.create("libopus", "w")
    audio.sample_rate, audio.layout, audio.format = 48000, "stereo", "s16"
    for number in range(150):
        frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        frame.sample_rate, frame.pts = 48000, number * 960
        sounds += [bytes(packet) for packet in audio.encode(frame)]
    return pictures, sounds


async def play(client, clip, seconds, *, lose=lambda number: False):
    """Publish the clip in real time; `lose(number)` of the picture drops its second packet."""
    pictures, sounds = clip
    began = time.monotonic()
    shown = heard = 0
    while (now := time.monotonic() - began) < seconds:
        while shown < now * 20 and "camera" in client.senders:
            sender = client.senders["camera"]
            data = pictures[shown % 60]
            half = max(1, len(data) // 2)
            sender.send(bytes([0x90, 0x80, 0x80, 1]) + data[:half])
            sender.send(bytes([0x80, 0x80, 0x80, 1]) + data[half:], marker=True, lose=lose(shown))
            sender.ts += 4500
            shown += 1
        while heard < now * 50 and "audio" in client.senders:
            sender = client.senders["audio"]
            sender.send(sounds[heard % len(sounds)], level=40)
            sender.ts += 960
            heard += 1
        await asyncio.sleep(0.01)
    return shown, heard


async def test_recording_holds_picture_and_sound_and_decodes_without_warnings(worker, room, clip):
    tess = await room("tess", "audio", "camera")
    folder = await record(worker)
    assert (await tess.message("recording"))["on"] is True
    shown, heard = await play(tess, clip, 3)
    files = await stop(worker)
    assert files == ["001.webm", "timeline.json"]
    counts, complaints, tags = probe(folder / "001.webm")
    assert complaints == ""
    # The file begins with the first key frame, which comes once a second (20 pictures); five more were under way when it ended.
    assert shown - 25 <= counts["video"] <= shown
    # Sound is kept from before the first picture; 0.3 s (15 packets of 20 ms) may be under way at the beginning and at the end.
    assert heard - 15 <= counts["audio"] <= heard
    assert "Lavf6" not in (folder / "001.webm").read_bytes()[:500].decode("latin-1"), (
        "does not tell its maker's version"
    )
    assert not {"encoder", "ENCODER"} & {key for key, value in tags.items() if any(sign.isdigit() for sign in value)}
    (entry,) = json.loads((folder / "timeline.json").read_text())["files"]
    assert (entry["peer"], entry["sources"]) == ("tess", ["audio", "camera"])
    # Three seconds were played; one more or less for the first key frame, and for a busy machine that plays late.
    assert 2 < entry["ended_at"] - entry["began_at"] < 4
    # Wall time and not the monotonic clock: which of the two it is shows by far more than ten seconds.
    assert abs(entry["began_at"] - time.time()) < 10


async def test_recording_leaves_out_who_did_not_agree(worker, room, clip):
    tess = await room("tess", "audio", "camera")
    cleo = await room("cleo", "audio", rights=EVERYTHING - {"record"})
    folder = await record(worker)
    await asyncio.gather(play(tess, clip, 1.5), play(cleo, clip, 1.5))
    await control(worker, {"type": "control.rights", "room": "r", "peer": "cleo", "rights": sorted(EVERYTHING)})
    await play(cleo, clip, 1)
    await control(worker, {"type": "control.rights", "room": "r", "peer": "cleo", "rights": ["audio", "subscribe"]})
    await play(cleo, clip, 1)
    await stop(worker)
    entries = json.loads((folder / "timeline.json").read_text())["files"]
    assert [entry["peer"] for entry in entries] == ["tess", "cleo"]
    # One second was agreed to; of the two beside it nothing may be there. 0.3 s are the play's own end on a busy machine.
    assert entries[1]["ended_at"] - entries[1]["began_at"] < 1.3


async def test_recording_survives_a_gap(worker, room, clip):
    tess = await room("tess", "audio", "camera")
    folder = await record(worker)
    shown, _ = await play(tess, clip, 4, lose=lambda number: number in (30, 31))
    await stop(worker)
    counts, complaints, _ = probe(folder / "001.webm")
    assert complaints == ""
    # Two lost pictures at half past one second of four: until the next key frame half a second is missing, and the first second's wait.
    assert counts["video"] >= shown * 0.5, "went on at the next key frame"
    (entry,) = json.loads((folder / "timeline.json").read_text())["files"]
    assert entry["gaps"] >= 1


async def test_recording_that_was_killed_is_playable(worker, room, clip, tmp_path):
    tess = await room("tess", "audio", "camera")
    folder = await record(worker)
    await play(tess, clip, 3)
    await until(lambda: (folder / "001.webm").stat().st_size > 1000)
    copy = tmp_path / "killed.webm"
    copy.write_bytes((folder / "001.webm").read_bytes())
    counts, _, _ = probe(copy)
    # A third of what was played in three seconds: what the writer had not yet flushed when it was killed (a cluster, one second) may be missing.
    assert counts["video"] >= 20 and counts["audio"] >= 50
    entries = json.loads((folder / "timeline.json").read_text())["files"]
    assert entries[0]["began_at"] > 0, "the timeline is there before the end"
    await stop(worker)


async def test_recording_begins_a_next_file_for_a_camera_that_comes_later(worker, room, clip):
    tess = await room("tess", "audio")
    folder = await record(worker)
    await play(tess, clip, 1)
    await tess.publish("audio", "camera")
    await play(tess, clip, 2)
    await stop(worker)
    entries = json.loads((folder / "timeline.json").read_text())["files"]
    assert [entry["sources"] for entry in entries] == [["audio"], ["audio", "camera"]]


async def test_recording_says_to_whom_it_leaves_a_picture_out(worker, room, clip, monkeypatch):
    monkeypatch.setattr("sessions_live.sfu.recording.RECORDABLE", ("opus",))  # as if the picture came in H.264
    tess = await room("tess", "audio", "camera")
    cleo = await room("cleo", "audio", "camera", rights=EVERYTHING - {"record"})
    folder = await record(worker)
    assert (await tess.message("error"))["code"] == "recording_format"
    await play(tess, clip, 1)
    await stop(worker)
    (entry,) = json.loads((folder / "timeline.json").read_text())["files"]
    assert (entry["peer"], entry["sources"]) == ("tess", ["audio"])
    assert not [one for one in cleo.messages if one["type"] == "error"], "who did not agree is not recorded anyway"


async def test_recording_on_a_full_disk_ends_and_the_call_goes_on(worker, room, clip, monkeypatch):
    tess = await room("tess", "audio", "camera")
    cleo = await room("cleo", subscribe=True)
    await until(lambda: cleo.down and cleo.down.connected)
    await record(worker)

    def refuse(self, *arguments, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sessions_live.sfu.recording.webm.Segment._write", refuse)
    await play(tess, clip, 1)
    assert (await cleo.message("error"))["code"] == "recording_failed"
    assert worker.room("r").recorder is None
    before = len(cleo.received)
    await play(tess, clip, 0.5)
    assert len(cleo.received) > before


async def test_recording_does_not_overwrite_or_leave_its_folder(worker, room):
    await room("tess")
    await record(worker)
    await stop(worker)
    for name in ("take", "../elsewhere", ".hidden", "a/b"):
        with pytest.raises(Exception, match="not_allowed|bad_message"):
            await record(worker, name)


async def test_composition_makes_one_film_of_all(worker, room, clip, tmp_path):
    tess = await room("tess", "audio", "camera")
    cleo = await room("cleo", "audio", "camera")
    folder = await record(worker)
    await asyncio.gather(play(tess, clip, 3), play(cleo, clip, 3))
    await stop(worker)
    for name in ("film.mp4", "film.webm"):
        await asyncio.to_thread(compose.compose, folder, tmp_path / name)
        counts, complaints, tags = probe(tmp_path / name)
        assert complaints == ""
        assert counts["video"] >= 60 and counts["audio"] > 50
        assert not any(sign.isdigit() for sign in tags.get("encoder", "")), "does not tell its maker's version"


def test_composition_of_nothing_says_so(tmp_path):
    with pytest.raises(ComposeError, match="timeline"):
        compose.compose(tmp_path, tmp_path / "film.mp4")
    with pytest.raises(ComposeError, match=".mp4"):
        compose.compose(tmp_path, tmp_path / "film.avi")


def packet(data, *, first, key=False):
    return (
        bytes([0x90 if first else 0x80, 0x80, 0x80, 1])
        + (bytes([0x10 if key else 0x11, 2, 0]) if first else b"")
        + data
    )


def test_frames_come_in_order_although_packets_do_not():
    found = frames.Frames(frames.FORMATS["VP8"])
    key = packet(b"a" * 9, first=True, key=True)
    assert found.add(1, 0x80, 0, packet(b"z", first=True), 0.0) == [], "nothing before a key frame"
    assert found.add(2, 0, 3000, key, 0.0) == []
    assert [frame.key for frame in found.add(3, 0x80, 3000, packet(b"b", first=False), 0.0)] == [True]
    assert found.add(5, 0x80, 6000, packet(b"d", first=False), 0.1) == []
    (late,) = found.add(4, 0, 6000, packet(b"c", first=True), 0.2)
    assert late.data.endswith(b"cd") and late.ts == 6000


def test_frames_go_on_at_the_next_key_frame_after_a_gap():
    found = frames.Frames(frames.FORMATS["VP8"])
    found.add(10, 0x80, 0, packet(b"a" * 9, first=True, key=True), 0.0)
    assert found.add(12, 0x80, 6000, packet(b"c", first=True), 0.1) == []
    assert found.add(13, 0x80, 9000, packet(b"d", first=True), 0.9) == []
    assert found.lost == 1 and found.waiting
    (frame,) = found.add(14, 0x80, 12000, packet(b"k" * 9, first=True, key=True), 1.0)
    assert frame.key


def test_frames_cross_the_wrap_of_sequence_numbers():
    found = frames.Frames(frames.FORMATS["VP8"])
    got = found.add(65535, 0x80, 0, packet(b"a" * 9, first=True, key=True), 0.0)
    got += found.add(0, 0x80, 3000, packet(b"b", first=True), 0.0)
    got += found.add(1, 0x80, 6000, packet(b"c", first=True), 0.0)
    assert len(got) == 3


def test_frame_of_the_encoding_before_does_not_send_the_track_into_another_hour():
    """The first packet of another encoding can complete a frame of the one before, whose RTP times begin elsewhere."""
    track = webm.Track("video", "VP8")
    before, after = (SimpleNamespace(capture=lambda ts: None) for _ in range(2))

    def at(layer, ts, now):
        return track.wall(SimpleNamespace(layer=layer, now=now, tap=SimpleNamespace(clock=0.0)), ts)

    assert at(before, 90_000, 100.0) == 100.0
    assert at(after, 92_700, 100.5) == 100.5  # the frame before, with a packet of the encoding after

    assert at(after, 681_000_000, 100.6) == 100.6
    assert at(after, 681_000_000 + 45_000, 101.2) == pytest.approx(101.1)
