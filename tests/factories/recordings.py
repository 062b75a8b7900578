"""Recordings, by the product's own actions; their parts written by ffmpeg in the media server's place."""

import json
import subprocess
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core.files.storage import default_storage

from core.kernel import clock
from core.people.models import User
from core.scheduling.models import Appointment
from deploy.local import distribution
from sessions_live import actions
from sessions_live.models import LiveSettings, Recording, Room
from sessions_live.recordings.actions import composition, consent, stop
from sessions_live.recordings.storage import parts_folder
from sessions_live.recordings.video import VIDEO, Video
from tests.factories.scheduling import book

_video = bytearray()  # made once per run, because that takes seconds


def allow(**changes: Any) -> LiveSettings:
    """The organization records, unless `changes` says otherwise."""
    settings = LiveSettings.current()
    for name, value in {"recording_allowed": True, **changes}.items():
        setattr(settings, name, value)
    settings.save()
    return settings


def meet(cast: SimpleNamespace, *guests: User, appointment: Appointment | None = None) -> Room:
    """A session with its practitioner and these guests in it."""
    now = clock.now()
    appointment = appointment or book(cast, at=now + timedelta(minutes=5))
    room = actions.open_room(appointment, now=now)
    host = appointment.practitioner.user
    actions.ask_admission(room, by=host, now=now)
    for guest in guests:
        asked = actions.ask_admission(room, by=guest, now=now)
        actions.admit(room, asked.pk, by=host, now=now)
    return room


def asked(room: Room) -> Recording:
    """The practitioner has asked whether it may be recorded."""
    return consent.request_consent(room, by=room.appointment.practitioner.user, now=clock.now())


def say(recording: Recording, by: User, agrees: bool) -> Recording:
    """One person's answer, to the text in English."""
    version = recording.texts.get(language="en").digest
    answered, _ = consent.answer_consent(
        recording.room, recording.pk, version=version, agrees=agrees, by=by, now=clock.now()
    )
    return answered


def write_parts(folder: Path, *peers: str, seconds: int = 3, told_end: bool = True) -> Path:
    """What the media server leaves behind: a file for each peer, and the timeline; of a killed one the timeline tells no end."""
    distribution.program("ffmpeg")
    folder.mkdir(parents=True)
    files = []
    for number, peer in enumerate(peers, start=1):
        name = f"{number:03}.webm"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc=s=320x180:r=15:d={seconds}",
             "-f", "lavfi", "-i", f"sine=440:d={seconds}", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8",
             "-b:v", "200k", "-c:a", "libopus", "-shortest", str(folder / name)],
            check=True,
        )  # fmt: skip
        files.append(
            {"file": name, "peer": peer, "what": "person", "sources": ["audio", "camera"], "began_at": 1000.0 + number / 2,
             "ended_at": 1000.0 + number / 2 + (seconds if told_end else 0), "gaps": 0}
        )  # fmt: skip
    (folder / "timeline.json").write_text(json.dumps({"version": 1, "files": files}))
    return folder


def kept(cast: SimpleNamespace, *, appointment: Appointment | None = None, refused: User | None = None) -> Recording:
    """A recording that is ready: the practitioner agreed, and `refused` did not."""
    room = meet(cast, *([refused] if refused else []), appointment=appointment)
    host = room.appointment.practitioner.user
    recording = say(asked(room), host, True)
    if refused:
        say(recording, refused, False)
    write_parts(parts_folder(recording), "peer", seconds=2) if not _video else _write_video(parts_folder(recording))
    stop.stop_recording(room, by=host, now=clock.now())
    if _video:
        composition._keep(recording, Video(parts_folder(recording) / VIDEO, 2, len(_video), sha256(_video).hexdigest()))
    else:
        composition.compose(recording.pk)
    recording.refresh_from_db()
    assert recording.state == Recording.State.KEPT, recording.failure
    if not _video:
        with default_storage.open(recording.file) as video:
            _video.extend(video.read())
    return recording


def _write_video(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / VIDEO).write_bytes(_video)
