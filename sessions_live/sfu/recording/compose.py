"""`python -m sessions_live.sfu.recording.compose FOLDER OUT.mp4`: one file out of a recording, tiles side by side.

A job for later and elsewhere: it decodes and encodes. People keep their tiles; a shared screen gets the first one.
"""

import argparse
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1280, 720
RATE = 25


class ComposeError(Exception):
    """The recording cannot be composed; the message says why."""


def timeline(folder: Path) -> list[dict[str, Any]]:
    """Return the files of a recording in order of their beginning; raise ComposeError."""
    try:
        files: list[dict[str, Any]] = json.loads((folder / "timeline.json").read_text())["files"]
    except (OSError, ValueError, KeyError) as error:
        raise ComposeError(f"{folder} holds no readable timeline: {error}") from None
    files = [entry for entry in files if (folder / entry["file"]).is_file()]
    if not files:
        raise ComposeError(f"{folder} holds no recorded file.")
    return sorted(files, key=lambda entry: entry["began_at"])


def tile_positions(files: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Return (peer, what) → (x, y, width, height) of each picture's tile, screens first."""
    shown = [entry for entry in files if {"camera", "screen"} & set(entry["sources"])]
    holders = list(dict.fromkeys((entry["peer"], entry["what"]) for entry in shown))
    holders.sort(key=lambda holder: holder[1] != "screen")
    columns = max(1, math.ceil(math.sqrt(len(holders))))
    rows = max(1, math.ceil(len(holders) / columns))
    width, height = WIDTH // columns // 2 * 2, HEIGHT // rows // 2 * 2
    return {
        holder: (number % columns * width, number // columns * height, width, height)
        for number, holder in enumerate(holders)
    }


def command(folder: Path, out: Path, files: list[dict[str, Any]]) -> list[str]:
    """Return the ffmpeg call that makes `out`."""
    start = files[0]["began_at"]
    length = max(entry["ended_at"] for entry in files) - start
    tiles = tile_positions(files)
    inputs: list[str] = []
    filters = [f"color=black:s={WIDTH}x{HEIGHT}:r={RATE}:d={length:.3f}[v0]"]
    voices = []
    layer = 0
    for number, entry in enumerate(files):
        inputs += ["-i", str(folder / entry["file"])]
        offset = entry["began_at"] - start
        tile = tiles.get((entry["peer"], entry["what"]))
        if tile is not None and {"camera", "screen"} & set(entry["sources"]):
            x, y, width, height = tile
            filters.append(
                f"[{number}:v]setpts=PTS-STARTPTS+{offset:.3f}/TB,"
                f"scale={width}:{height}:force_original_aspect_ratio=decrease,"
                f"pad={width}:{height}:(ow-iw)/2:(oh-ih)/2[t{number}]"
            )
            filters.append(f"[v{layer}][t{number}]overlay={x}:{y}:eof_action=pass[v{layer + 1}]")
            layer += 1
        if {"audio", "screen-audio"} & set(entry["sources"]):
            delay = int(offset * 1000)
            filters.append(f"[{number}:a]aresample=async=1:first_pts=0,adelay={delay}:all=1[a{number}]")
            voices.append(f"[a{number}]")
    maps = ["-map", f"[v{layer}]"]
    if voices:
        filters.append(f"{''.join(voices)}amix=inputs={len(voices)}:normalize=0:dropout_transition=0[sound]")
        maps += ["-map", "[sound]"]
    codecs = ["-c:v", "libvpx", "-b:v", "1M", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"] if out.suffix == ".webm" else [
        "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", "-movflags", "+faststart",
    ]  # fmt: skip
    neutral = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    return [
        "ffmpeg", "-nostdin", "-v", "error", "-y", *inputs, "-filter_complex", ";".join(filters), *maps,
        "-t", f"{length:.3f}", "-pix_fmt", "yuv420p", *codecs, *neutral, str(out),
    ]  # fmt: skip


def compose(folder: Path, out: Path) -> None:
    """Write `out` (.mp4 or .webm) from the recording in `folder`; raise ComposeError."""
    if out.suffix not in (".mp4", ".webm"):
        raise ComposeError("Name the file to write with .mp4 or .webm at its end.")
    if shutil.which("ffmpeg") is None:
        raise ComposeError("ffmpeg is not installed; composing a recording needs it.")
    done = subprocess.run(command(folder, out, timeline(folder)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ComposeError(f"ffmpeg could not compose the recording: {done.stderr.strip()[-500:]}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="compose", description="Make one film out of a recorded session.")
    parser.add_argument("folder", type=Path, help="the folder of the recording")
    parser.add_argument("out", type=Path, help="the file to write, .mp4 or .webm")
    given = parser.parse_args()
    try:
        compose(given.folder, given.out)
    except ComposeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
