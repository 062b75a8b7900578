"""Pictures in other formats than VP8, passed through from one real Chromium page to another."""

import asyncio

import pytest

from tests.sfu.pages import enter, received, sees
from tests.sfu.recordings import probe, record, stop
from tests.sfu.stage import until

pytestmark = [pytest.mark.media, pytest.mark.slow]


def formats(page, peer, kind):
    """The formats of the pictures that pass, as the browser names them."""
    script = f"""(async () => {{
      const out = new Set();
      for (const pc of Object.values(people.{peer}.call.engine.connections())) {{
        const stats = await pc.getStats();
        for (const one of stats.values())
          if (one.type === '{kind}-rtp' && one.kind === 'video' && one.codecId) out.add(stats.get(one.codecId).mimeType);
      }}
      return [...out];
    }})()"""
    return page.evaluate(script)


@pytest.mark.parametrize("codec", ["VP9", "AV1", "H264"])
async def test_picture_passes_in_the_wished_format(page, worker, codec):
    await enter(page, "tess", voice=False, options={"codec": codec, "simulcast": False})
    await enter(page, "cleo", voice=False, camera=False)
    await until(sees(page, "cleo", "tess camera", 20), 40)
    assert await formats(page, "tess", "outbound") == [f"video/{codec}"]
    assert await formats(page, "cleo", "inbound") == [f"video/{codec}"]
    pixels = await page.evaluate("people.cleo.pixels('tess camera')")
    assert pixels["max"] - pixels["min"] > 50, "a picture, not a blank"
    (producer,) = worker.room("r").peers["tess"].producers()
    assert producer.codec == codec
    await enter(page, "gus", voice=False, camera=False)
    await until(sees(page, "gus", "tess camera", 10), 40), "a key frame is recognized, so that latecomers see, too"


async def test_picture_in_vp9_is_recorded_and_decodes_without_warnings(page, worker):
    await enter(page, "tess", voice=False, options={"codec": "VP9", "simulcast": False}, size=(640, 360))
    await enter(page, "cleo", voice=False, camera=False)
    await until(sees(page, "cleo", "tess camera", 10), 40)
    folder = await record(worker)
    before = await received(page, "cleo", "tess camera")
    await until(sees(page, "cleo", "tess camera", before + 40), 40)
    assert "001.webm" in await stop(worker)
    counts, complaints, _ = probe(folder / "001.webm")
    # Forty were seen while it ran; half of them, because the file begins with a key frame that has to be asked for.
    assert counts["video"] >= 20
    assert complaints == ""
    decoded = await asyncio.create_subprocess_exec(
        "ffmpeg", "-v", "warning", "-i", folder / "001.webm", "-f", "null", "-", stderr=asyncio.subprocess.PIPE
    )
    assert (await decoded.communicate())[1] == b""


async def test_formats_differ_by_publisher_in_one_room(page):
    for peer, codec in (("tess", "VP9"), ("gus", "H264"), ("ada", "VP8")):
        await enter(page, peer, voice=False, options={"codec": codec, "simulcast": codec == "VP8"}, size=(320, 180))
    for peer in ("gus", "ada"):
        await until(sees(page, peer, "tess camera"), 40)
    await until(sees(page, "tess", "gus camera"), 40)
    await until(sees(page, "tess", "ada camera"), 40)


async def test_slot_that_changes_hands_changes_the_format(page):
    """The same m-line carries VP9 first and H.264 then: the browser follows the payload type."""
    await enter(page, "cleo", voice=False, camera=False)
    for peer, codec in (("tess", "VP9"), ("gus", "H264"), ("ada", "VP8")):
        await enter(page, peer, voice=False, options={"codec": codec, "simulcast": False}, size=(320, 180))
        await until(sees(page, "cleo", f"{peer} camera"), 40)
        await page.evaluate(f"people.{peer}.call.close()")
        await until(lambda peer=peer: page.evaluate(f"!people.cleo.call.remote.has('{peer} camera')"))
    lines = await page.evaluate("people.cleo.call.engine.sub.remoteDescription.sdp.match(/^m=video/gm).length")
    assert lines == 1
