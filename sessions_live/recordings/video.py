"""One video out of the parts of a recording: the timeline mended, composed by a program of its own, and without a word about what made it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import av
from av.error import FFmpegError

from sessions_live.recordings.reasons import CompositionFailure

TIMELINE = "timeline.json"
VIDEO = "video.mp4"
# Because the encoder writes a paragraph about itself into the stream, and the container names the program that filled it.
NEUTRAL = (
    *("-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1", "-bsf:v", "filter_units=remove_types=6"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-movflags", "+faststart"),
    *("-metadata:s:v", "handler_name=Video", "-metadata:s:a", "handler_name=Sound"),
)


class VideoError(Exception):
    """The video could not be made; `code` says why."""

    def __init__(self, code: CompositionFailure, details: str = "") -> None:
        super().__init__(f"{code}: {details}")
        self.code = code


@dataclass(frozen=True)
class Video:
    """A finished video: where it lies, how long it runs (whole seconds), its size in bytes and its fingerprint."""

    path: Path
    seconds: int
    size: int
    sha256: str


def has_parts(folder: Path) -> bool:
    """Whether anything of anybody was written."""
    return bool(_entries(folder))


def compose_video(folder: Path, *, within: float) -> Video:
    """Compose the parts in `folder`, within so many seconds. VideoError otherwise; the parts stay as they are."""
    if shutil.which("ffmpeg") is None:
        raise VideoError(CompositionFailure.NO_FFMPEG)
    mend_timeline(folder)
    draft, video = folder / "draft.mp4", folder / VIDEO
    try:
        _run([sys.executable, "-m", "sessions_live.sfu.recording.compose", str(folder), str(draft)], within)
        _run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(draft), *NEUTRAL, str(video)], within)
        return Video(video, _seconds(video), video.stat().st_size, fingerprint(video))
    finally:
        draft.unlink(missing_ok=True)


def mend_timeline(folder: Path) -> None:
    """Say of each file where it really ends: after a kill the timeline still tells of its beginning."""
    entries = _entries(folder)
    for entry in entries:
        entry["ended_at"] = max(
            entry["ended_at"], round(entry["began_at"] + _written_seconds(folder / entry["file"]), 3)
        )
    mended = folder / f".{TIMELINE}"
    mended.write_text(json.dumps({"version": 1, "files": entries}, indent=1))
    mended.replace(folder / TIMELINE)


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _entries(folder: Path) -> list[dict]:  # type: ignore[type-arg]  # as the media server wrote them
    try:
        files = json.loads((folder / TIMELINE).read_text())["files"]
    except (OSError, ValueError, KeyError):
        return []
    return [entry for entry in files if (folder / entry["file"]).is_file()]


def _written_seconds(path: Path) -> float:
    """How far the packets of a file reach, read without decoding."""
    last = 0.0
    try:
        with av.open(str(path)) as container:
            for packet in container.demux():
                if packet.pts is not None and packet.time_base is not None:
                    last = max(last, float(packet.pts * packet.time_base))
    except FFmpegError:
        return last  # because a file that was cut off ends in the middle of a packet
    return last


def _seconds(video: Path) -> int:
    try:
        with av.open(str(video)) as container:
            return max(1, round((container.duration or 0) / av.time_base))
    except FFmpegError as error:
        raise VideoError(CompositionFailure.BROKEN, str(error)) from error


def _run(argv: list[str], within: float) -> None:
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, timeout=within, check=False, preexec_fn=lambda: os.nice(10)
        )
    except subprocess.TimeoutExpired as error:
        raise VideoError(CompositionFailure.TOO_LONG, str(within)) from error
    if done.returncode:
        said = done.stderr.strip()[-500:]
        raise VideoError(CompositionFailure.NO_ROOM if "No space left" in said else CompositionFailure.BROKEN, said)
