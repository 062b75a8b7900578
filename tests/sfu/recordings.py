"""Recordings of a worker: begun, ended, and looked into by ffprobe."""

import json
import subprocess

from tests.sfu.control import control


def probe(path):
    """Return (frames, samples) that ffmpeg decodes, and what it complains about."""
    done = subprocess.run(
        ["ffprobe", "-v", "warning", "-count_frames", "-show_entries", "stream=codec_type,nb_read_frames",
         "-show_entries", "format_tags", "-of", "json", str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    counts = {stream["codec_type"]: int(stream["nb_read_frames"]) for stream in found["streams"]}
    return counts, done.stderr.strip(), found["format"].get("tags", {})


async def record(worker, name="take"):
    await control(worker, {"type": "control.record", "room": "r", "recording": name})
    return worker.config.recordings / name


async def stop(worker):
    (answer,) = await control(worker, {"type": "control.stop", "room": "r"})
    return answer["files"]
