"""From the stop to the receipt: composed, kept, told, deleted, expired; and what goes wrong on the way."""

import json
import re
import shutil
import subprocess
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import translation

from core.kernel import audit, clock, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent
from core.notifications.models import Notice
from sessions_live.actions.seats import LEASE
from sessions_live.media.engine import EngineError
from sessions_live.models import Recording, RecordingDeletion
from sessions_live.recordings.actions import composition, retention, stop
from sessions_live.recordings.storage import parts_folder
from sessions_live.recordings.video import compose_video, mend_timeline
from tenants import nightly_jobs
from tenants.context import as_database_owner
from tenants.storage import StorageFullError
from tests.factories.recordings import asked, kept, meet, say, write_parts

State = Recording.State
MAKERS = ("lavf", "lavc", "x264", "libx264", "ffmpeg", "handler", "colon" + "nade")


@pytest.fixture
def stopped(cast, records):
    """Stopped by the host; nobody has looked at its parts yet."""
    room = meet(cast)
    recording = say(asked(room), cast.tess, True)
    stop.stop_recording(room, by=cast.tess, now=clock.now())
    recording.refresh_from_db()
    return recording


def decoded(path: Path) -> tuple[int, str]:
    """Frames that decode, and what the decoder complains about."""
    done = subprocess.run(
        ["ffprobe", "-v", "warning", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames",
         "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(done.stdout.strip().split(",")[0]), done.stderr.strip()


def test_video_is_kept_and_the_host_hears(cast, stopped):
    folder = write_parts(parts_folder(stopped), "tess", "gus")

    assert composition.compose(stopped.pk) == State.KEPT

    stopped.refresh_from_db()
    video = Path(default_storage.path(stopped.file))
    # Three seconds of parts that begin half a second apart; one second for where the codecs' frames end.
    assert (stopped.size, stopped.seconds) == (video.stat().st_size, pytest.approx(4, abs=1))
    frames, complaints = decoded(video)
    # Four seconds of video have 100 frames; 40 tell moving pictures from a still, whichever of them the parts' own 15 a second gave.
    assert frames > 40 and complaints == ""
    assert not folder.exists()
    assert Notice.objects.get(kind="recording.kept").user_id == cast.tess.pk
    assert composition.compose(stopped.pk) == ""  # a task that runs twice does nothing twice


def test_video_tells_nobody_who_made_it_nor_who_is_in_it(cast, stopped):
    write_parts(parts_folder(stopped), "tess")
    composition.compose(stopped.pk)
    stopped.refresh_from_db()
    content = Path(default_storage.path(stopped.file)).read_bytes().lower()

    # Names in what can be read only, because any three letters stand somewhere in so many bytes of pictures.
    texts = b"\n".join(re.findall(rb"[ -~]{6,}", content))
    found = [word for word in MAKERS if word.encode() in content]
    found += [name for name in ("tess", "gus", "marten") if name.encode() in texts]

    assert found == []
    assert stopped.file.startswith("recordings/20") and stopped.file.endswith(f"-{stopped.short_id}.mp4")
    assert "north" not in stopped.file


def test_recording_of_a_killed_media_server_is_composed_whole(tmp_path):
    folder = write_parts(tmp_path / "killed", "tess", told_end=False)
    part = folder / "001.webm"
    part.write_bytes(part.read_bytes()[: int(part.stat().st_size * 0.8)])

    video = compose_video(folder, within=60)

    # Of three seconds the last fifth is cut off, and with it the picture in which the cut fell.
    assert video.seconds >= 2


def test_nothing_written_is_said_so(cast, stopped):
    assert composition.compose(stopped.pk) == State.NOTHING
    stopped.refresh_from_db()
    assert (stopped.state, stopped.file) == (State.NOTHING, "")
    with pytest.raises(ConflictError, match="nothing to delete"):
        retention.delete_recording(stopped, reason="tidying", by=cast.tess, now=clock.now())


@pytest.mark.parametrize("trouble", ["no_ffmpeg", "broken", "no_room", "not_stored"])
def test_failure_keeps_the_parts_and_can_be_tried_again(cast, stopped, monkeypatch, trouble):
    folder = write_parts(parts_folder(stopped), "tess")
    with monkeypatch.context() as patch:
        if trouble == "no_ffmpeg":
            patch.setattr("sessions_live.recordings.video.shutil.which", lambda program: None)
        elif trouble == "not_stored":
            patch.setattr(default_storage, "save", _away)
        elif trouble == "no_room":
            patch.setattr(default_storage, "save", _full)
        else:
            good = (folder / "001.webm").read_bytes()
            (folder / "001.webm").write_bytes(b"no video at all")
        assert composition.compose(stopped.pk) == State.FAILED
    stopped.refresh_from_db()
    assert (stopped.failure, folder.exists()) == (trouble, True)
    assert Notice.objects.get(kind="recording.failed").path == f"/recordings/{stopped.pk}/"
    if trouble == "broken":
        (folder / "001.webm").write_bytes(good)

    composition.try_again(stopped, by=cast.tess, now=clock.now())

    assert composition.compose(stopped.pk) == State.KEPT
    with pytest.raises(ConflictError):
        composition.try_again(stopped, by=cast.tess, now=clock.now())


def _full(*given, **named):
    raise StorageFullError


def _away(*given, **named):
    raise ConnectionError("the store does not answer")


def test_deletion_takes_the_file_and_leaves_a_receipt(cast, records):
    recording = kept(cast)
    name, fingerprint = recording.file, recording.sha256

    with pytest.raises(DomainError, match="Say why"):
        retention.delete_recording(recording, reason="  ", by=cast.tess, now=clock.now())
    receipt = retention.delete_recording(recording, reason="Asked for by the family", by=cast.tess, now=clock.now())

    recording.refresh_from_db()
    assert not default_storage.exists(name)
    assert (recording.state, recording.file) == (State.DELETED, "")
    assert (receipt.by, receipt.reason, receipt.sha256) == (cast.tess, "Asked for by the family", fingerprint)
    assert recording.consents.count() == 1
    assert AuditEvent.objects.get(action="recording.deleted").reason == "Asked for by the family"
    with pytest.raises(ConflictError):
        retention.delete_recording(recording, reason="again", by=cast.tess, now=clock.now())


def test_receipt_claims_nothing_that_has_not_happened(cast, records, monkeypatch):
    recording = kept(cast)
    monkeypatch.setattr(default_storage, "delete", lambda name: None)
    with pytest.raises(OSError, match="could not be removed"):
        retention.delete_recording(recording, reason="privacy", by=cast.tess, now=clock.now())
    recording.refresh_from_db()
    assert recording.state == State.KEPT
    assert RecordingDeletion.objects.count() == 0


def test_what_is_being_made_is_not_deleted(cast, stopped):
    with pytest.raises(ConflictError, match="being made"):
        retention.delete_recording(stopped, reason="privacy", by=cast.tess, now=clock.now())


def test_time_deletes_by_itself_with_the_same_receipt(cast, records, moved_clock):
    recording = kept(cast)
    name = recording.file
    moved_clock(timedelta(days=recording.keep_days - 1))
    assert retention.delete_expired(now=clock.now()) == 0
    assert default_storage.exists(name)

    moved_clock(timedelta(days=3))
    nightly_jobs.run(now=clock.now())

    receipt = RecordingDeletion.objects.get()
    assert not default_storage.exists(name)
    assert (receipt.by, receipt.by_name) == (None, audit.SYSTEM.name)
    assert receipt.reason == ""  # a person's own words alone are kept as they are
    day = recording.keep_until.isoformat()
    with translation.override("de"):
        assert receipt.reason_sentence == f"Ihre Zeit war abgelaufen: Sie war bis {day} aufzubewahren."
    with translation.override("es"):
        assert receipt.reason_sentence == f"Su plazo había acabado: debía conservarse hasta {day}."
    assert retention.delete_expired(now=clock.now()) == 0


def test_sentences_of_older_receipts_become_codes(cast, records):
    """The migration, on a receipt and an audit row as they were written before there were codes."""
    recording = kept(cast)
    sentence = "Su plazo había acabado: debía conservarse hasta 2026-05-03."
    retention.delete_recording(recording, reason=sentence, by=audit.SYSTEM, now=clock.now())
    codes = import_module("sessions_live.migrations.0005_deletion_reason_codes")

    with as_database_owner(), connection.cursor() as cursor:
        cursor.execute(codes.CODES)
    receipt, event = RecordingDeletion.objects.get(), AuditEvent.objects.get(action="recording.deleted")
    for row in (receipt, event):
        assert (row.reason, row.reason_code, row.reason_values) == ("", "recording.expired", {"day": "2026-05-03"})
    with as_database_owner(), connection.cursor() as cursor:
        cursor.execute(codes.SENTENCES)
    receipt.refresh_from_db()
    assert receipt.reason == "Its time was over: it was to be kept until 2026-05-03."


def test_parts_of_a_failure_expire_too(cast, stopped, moved_clock, monkeypatch):
    folder = write_parts(parts_folder(stopped), "tess")
    monkeypatch.setattr("sessions_live.recordings.video.shutil.which", lambda program: None)
    composition.compose(stopped.pk)
    moved_clock(timedelta(days=stopped.keep_days + 2))

    assert retention.delete_expired(now=clock.now()) == 1
    assert not folder.exists()


def test_promise_stops_the_media_server_and_has_the_video_made(cast, stopped, moved_clock, monkeypatch):
    write_parts(parts_folder(stopped), "tess")
    moved_clock(timedelta(seconds=10))
    told = []

    class Engine:
        async def stop_recording(self, room):
            told.append(room)

    monkeypatch.setattr("sessions_live.recordings.outbox_handlers.engines.for_jobs", Engine)

    outbox.deliver_due()

    stopped.refresh_from_db()
    assert stopped.state == State.KEPT
    assert len(told) == 1


@pytest.mark.parametrize(
    ("stats", "because"),
    [
        ({"recording": True, "peers": ["host"]}, ""),
        ({"recording": True, "peers": ["guest"]}, "host_gone"),
        ({"recording": False, "peers": ["host"]}, "server"),
        (None, "server"),
    ],
)
def test_watch_closes_what_no_longer_runs(cast, records, moved_clock, monkeypatch, stats, because):
    room = meet(cast, cast.gus)
    recording = say(asked(room), cast.gus, True)
    peers = {"host": str(room.admissions.get(user=cast.tess).pk), "guest": str(room.admissions.get(user=cast.gus).pk)}

    class Engine:
        async def stats(self, name):
            if stats is None:
                raise EngineError("unreachable", "gone")
            return stats | {"peers": [{"peer": peers[one]} for one in stats["peers"]]}

        async def stop_recording(self, name):
            return None

    monkeypatch.setattr("sessions_live.recordings.outbox_handlers.engines.for_jobs", Engine)
    moved_clock(timedelta(seconds=61))
    room.admissions.update(held_until=clock.now() + LEASE)  # their pages are there
    outbox.deliver_due()

    recording.refresh_from_db()
    assert recording.ended_because == because
    assert recording.state == (State.COMPOSING if because else State.RECORDING)


def test_timeline_is_left_as_it_was_told_when_right(tmp_path):
    folder = write_parts(tmp_path / "whole", "tess", seconds=2)
    mend_timeline(folder)
    (entry,) = json.loads((folder / "timeline.json").read_text())["files"]
    # A file's length is known to one frame of 15 a second, and to the end of its last packet of sound.
    assert entry["ended_at"] - entry["began_at"] == pytest.approx(2, abs=0.2)
    shutil.rmtree(folder)
