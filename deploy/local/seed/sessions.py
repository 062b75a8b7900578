"""A live session that was held and recorded, with a picture of bars for a video: so that a recording can be played, shared and deleted."""

import json
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from billing.models import Service
from core.kernel.errors import DomainError
from core.people.models import User
from core.scheduling.actions import book_appointment, complete_appointment
from core.scheduling.models import Appointment, CompletionType
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice
from sessions_live import actions as live
from sessions_live.models import Recording, Room
from sessions_live.recordings.actions import composition, consent, stop
from sessions_live.recordings.storage import parts_folder

SECONDS = 6


def record_session(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """The organization records, and plays videos; one of yesterday's sessions was recorded, where ffmpeg is there to make it playable."""
    live.change_live_settings(policy="direct", front_desk_hears=False, youtube_allowed=True, by=cast.owner, now=now)
    live.change_recording_settings(
        recording_allowed=True, recording_days=30, clients_may_play=True, language=practice.languages[0], addition="",
        by=cast.owner, now=now,
    )  # fmt: skip
    if shutil.which("ffmpeg") is None:
        return
    appointment = _booked(practice, cast, now=now)
    if appointment is None:
        return
    host, guest = appointment.practitioner.user, appointment.clients.get().logins.first()
    begins, ends = appointment.starts_at, appointment.ends_at
    room = live.open_room(appointment, now=begins)
    live.ask_admission(room, by=host, now=begins)
    if guest is not None:
        live.admit(room, live.ask_admission(room, by=guest, now=begins).pk, by=host, now=begins)
    recording = _agreed(room, [host, *([guest] if guest else [])], now=begins + timedelta(minutes=2))
    _write_parts(parts_folder(recording), str(host.pk))
    stop.stop_recording(room, by=host, now=ends)
    composition.compose(recording.pk)
    live.end_session(room, by=host, now=ends)
    held = CompletionType.objects.filter(outcome="held", is_active=True).first()
    assert held is not None
    complete_appointment(appointment, completion_type=held, by=cast.owner, now=ends + timedelta(minutes=5))


def _booked(practice: Practice, cast: Cast, *, now: datetime) -> Appointment | None:
    """An hour of the last days that both have free."""
    service = Service.objects.get(name=practice.offers[0].name)
    client = cast.clients[0]
    practitioner = client.assignments.get().practitioner
    for hours in range(4, 72, 2):
        starts_at = (now - timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
        try:
            return book_appointment(
                override_reason="The only time that suits the family.",
                practitioner=practitioner, clients=[client], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=service.minutes),
                time_zone=practice.time_zone, service_name=service.name, other_service_names=service.other_names, service_id=service.pk,
                by=cast.owner,
                now=starts_at - timedelta(days=3),
            )  # fmt: skip
        except DomainError:
            continue
    return None


def _agreed(room: Room, people: list[User], *, now: datetime) -> Recording:
    """Everybody who is in has agreed to the text in their language."""
    recording = consent.request_consent(room, by=people[0], now=now)
    for person in people:
        text = recording.texts.filter(language=person.reads).first() or recording.texts.get(language="en")
        recording, _begins = consent.answer_consent(
            room, recording.pk, version=text.digest, agrees=True, by=person, now=now
        )
    return recording


def _write_parts(folder: Path, peer: str) -> None:
    """What the media server leaves behind: one file for the person who agreed, and the timeline."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"smptebars=s=640x360:r=15:d={SECONDS}",
         "-f", "lavfi", "-i", f"sine=330:d={SECONDS}", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8",
         "-b:v", "300k", "-c:a", "libopus", "-shortest", str(folder / "001.webm")],
        check=True,
    )  # fmt: skip
    part = {"file": "001.webm", "peer": peer, "what": "person", "sources": ["audio", "camera"], "began_at": 1000.0}
    (folder / "timeline.json").write_text(
        json.dumps({"version": 1, "files": [{**part, "ended_at": 1000.0 + SECONDS, "gaps": 0}]})
    )
