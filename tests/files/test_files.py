"""Files are kept encrypted, in parts or at once, examined, and removed without a trace; and each refusal."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image

from core.files import actions, contents
from core.files.actions import examination, rotation, upkeep
from core.files.models import FileKey, FileUsage, Rendition, StoredFile, Upload, UploadPart
from core.files.purposes import Purpose
from core.files.rules.file_types import Kind
from core.files.sealing import Damaged
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, GatewayError, NotFound
from core.kernel.models import AuditEvent, OutboxMessage
from core.people.permissions import is_active_staff
from tenants.entitlements import allowances
from tests.broken_audit import assert_nothing_is_written
from tests.factories.files import EICAR, clamd, docx, given, jpeg, pdf, send, use_purpose

CANARY = b"CANARY-of-a-note-that-nobody-may-find "


@pytest.fixture(autouse=True)
def _purpose(monkeypatch, settings, tmp_path):
    use_purpose(monkeypatch)
    settings.MEDIA_ROOT = tmp_path


def keep(cast, content=CANARY * 3000, name="Canary plan.txt", **more):
    return actions.keep_file(given=given(content, name), purpose="tested", by=cast.tess, now=clock.now(), **more)


def deliver():
    while outbox.deliver_due():
        pass


def stored_bytes():
    """Everything that lies in the organization's store."""
    return {str(path): path.read_bytes() for path in Path(default_storage.location).rglob("*") if path.is_file()}


def test_file_comes_back_as_it_was_and_lies_encrypted(cast):
    file = keep(cast)

    assert contents.opened(file).read() == CANARY * 3000
    assert contents.opened(file, start=70_001).read(40) == (CANARY * 3000)[70_001:70_041]
    assert (file.name, file.type_code, file.size) == ("Canary plan.txt", "text", len(CANARY) * 3000)
    kept = default_storage.open(file.stored_as).read()
    assert b"CANARY" not in kept and len(kept) > file.size
    row = str(StoredFile.objects.values().get(pk=file.pk)) + str(FileKey.objects.values().get())
    assert "Canary" not in row and file.key.secret.hex() not in row
    assert AuditEvent.objects.get(action="file.kept").subject_label == str(file.pk)
    assert FileUsage.objects.get().size == file.size


def test_two_organizations_have_other_keys(cast, south):
    from tenants.context import organization_context  # noqa: PLC0415 because only this test enters the other one

    ours = keep(cast).key.secret
    with organization_context(south):
        assert not FileKey.objects.exists()
        theirs = actions.files.keys.key_in_force().secret
    assert ours != theirs


def test_upload_in_parts_is_the_same_file(cast):
    content = pdf(5) + b"\n%" + CANARY * 4000
    upload = send(content, "Plan.pdf", by=cast.tess, part=50_000)

    assert upload.is_complete
    file = actions.keep_file(given=upload, purpose="tested", by=cast.tess, now=clock.now())
    assert contents.opened(file).read() == content
    assert not Upload.objects.exists() and not UploadPart.objects.exists()
    deliver()
    assert {name for name in stored_bytes() if "/files/" in name and name.endswith(file.stored_as)}
    assert not any(b"CANARY" in each for each in stored_bytes().values())


def test_part_at_another_place_is_refused_and_changes_nothing(cast):
    upload = actions.begin_upload(purpose="tested", name="a.txt", size=10, by=cast.tess, now=clock.now())
    part = {"upload": upload, "by": cast.tess, "now": clock.now()}
    actions.receive_part(start=0, size=4, content=io.BytesIO(b"0123"), **part)

    for start, size, content in ((0, 4, b"0123"), (5, 2, b"56"), (4, 6, b"45")):
        with pytest.raises(ConflictError) as refused:
            actions.receive_part(start=start, size=size, content=io.BytesIO(content), **part)
        assert refused.value.code == "part_misplaced"
    with pytest.raises(DomainError, match="More came") as refused:
        actions.receive_part(start=4, size=7, content=io.BytesIO(b"4567890"), **part)
    done = actions.receive_part(start=4, size=6, content=io.BytesIO(b"456789"), **part)
    assert contents.opened(done.file).read() == b"0123456789"


def test_upload_belongs_to_whoever_began_it(cast):
    upload = send(b"mine", "a.txt", by=cast.tess)

    for act in (
        lambda: actions.keep_file(given=upload, purpose="tested", by=cast.nora, now=clock.now()),
        lambda: actions.receive_part(
            upload=upload, start=0, size=1, content=io.BytesIO(b"x"), by=cast.nora, now=clock.now()
        ),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(PermissionDenied):
        actions.begin_upload(purpose="tested", name="a.txt", size=1, by=cast.gus, now=clock.now())
    with pytest.raises(NotFound):
        actions.begin_upload(purpose="nothing", name="a.txt", size=1, by=cast.tess, now=clock.now())


def test_upload_is_taken_once(cast):
    upload = send(b"mine", "a.txt", by=cast.tess)
    actions.keep_file(given=upload, purpose="tested", by=cast.tess, now=clock.now())

    with pytest.raises(NotFound):
        actions.keep_file(given=upload, purpose="tested", by=cast.tess, now=clock.now())


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "file_empty"),
        (b"<script>alert(1)</script>", "a.png", "file_mismatch"),
        (b"MZ\x90\x00", "a.pdf", "file_mismatch"),
        (b"x" * 2_000_001, "a.bin", "file_too_large"),
    ],
)
def test_refused_at_once_and_in_parts_alike(cast, settings, content, name, code):
    settings.FILES_LARGEST_MEGABYTES = 2

    for bring in (lambda: keep(cast, content, name), lambda: send(content, name, by=cast.tess)):
        with pytest.raises(DomainError) as refused:
            bring()
        assert refused.value.code == code
        assert name in refused.value.message
    assert not StoredFile.objects.exists() and not Upload.objects.exists()


def test_long_file_of_a_wrong_kind_is_refused_at_its_first_part(cast):
    upload = actions.begin_upload(purpose="tested", name="a.png", size=500_000, by=cast.tess, now=clock.now())

    with pytest.raises(DomainError, match="not what its name says"):
        actions.receive_part(
            upload=upload, start=0, size=6000, content=io.BytesIO(b"<html>" * 1000), by=cast.tess, now=clock.now()
        )

    assert not Upload.objects.exists()


def test_purpose_decides_which_kinds_and_how_many(cast, monkeypatch):
    def full(user, number):
        raise DomainError("full", "No more.")

    use_purpose(monkeypatch, Purpose("pictures", may=is_active_staff, kinds=frozenset({Kind.PICTURE})))
    use_purpose(monkeypatch, Purpose("none", may=is_active_staff, check_room=full))

    with pytest.raises(DomainError, match="Possible are: picture"):
        actions.begin_upload(purpose="pictures", name="a.pdf", size=10, by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match="Possible are: picture"):
        actions.keep_file(given=given(pdf(), "noending"), purpose="pictures", by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match=r"No more\."):
        actions.begin_upload(purpose="none", name="a.pdf", size=10, by=cast.tess, now=clock.now())


def test_full_plan_takes_nothing_in_and_deletes_nothing(cast, north):
    file = keep(cast)
    north.known_allowances = {**allowances(north), "storage": 0}

    with pytest.raises(DomainError) as refused:
        keep(cast, b"more", "b.txt")

    assert refused.value.code == "no_room"
    assert contents.opened(file).read()


def test_what_is_on_its_way_counts(cast, north):
    north.known_allowances = {**allowances(north), "storage": 1}
    begin = {"purpose": "tested", "name": "a.bin", "by": cast.tess, "now": clock.now()}
    actions.begin_upload(size=400_000_000, **begin)
    actions.begin_upload(size=400_000_000, **begin)

    with pytest.raises(DomainError, match="has 200 MB left"):
        actions.begin_upload(size=400_000_000, **begin)


def test_pictures_are_made_small_without_place_and_camera(cast):
    file = keep(cast, jpeg(), "Portrait.jpg")
    assert file.previews == "waiting"

    deliver()

    file.refresh_from_db()
    large, small = file.rendition("large"), file.rendition("small")
    assert file.previews == "made"
    assert (large.width, large.height) == (450, 900)  # turned upright
    assert (small.width, small.height) == (160, 320)
    content = contents.opened(large).read()
    assert b"CanaryCamera" not in content and not Image.open(io.BytesIO(content)).getexif()
    assert b"CanaryCamera" in contents.opened(file).read()  # the original stays what it was
    assert FileUsage.objects.get().size == file.size + large.size + small.size


def test_first_page_of_a_pdf_is_shown_and_its_pages_counted(cast):
    file = keep(cast, pdf(4), "Plan.pdf")

    deliver()

    file.refresh_from_db()
    assert (file.previews, file.pages) == ("made", 4)
    assert file.rendition("small").height == 320


@pytest.mark.parametrize("content", [jpeg()[:300], b"\xff\xd8\xff" + b"nonsense" * 50])
def test_picture_that_cannot_be_read_stays_usable(cast, content):
    file = keep(cast, content, "Broken.jpg")

    deliver()

    file.refresh_from_db()
    assert (file.previews, file.state) == ("failed", "ready")
    assert contents.opened(file).read() == content


def test_lost_worker_is_noticed(cast, monkeypatch, moved_clock):
    monkeypatch.setattr("core.files.outbox_handlers.make_previews.delay", lambda pk: None)
    file = keep(cast, jpeg(), "Portrait.jpg")
    for _ in range(5):
        deliver()
        moved_clock(timedelta(minutes=6))

    file.refresh_from_db()
    assert file.previews == "failed"


def test_scanner_finds_a_virus_and_the_content_is_gone(cast, settings):
    with clamd(settings):
        clean, bad = keep(cast), keep(cast, b"text " + EICAR, "b.txt")
        upload = send(EICAR, "c.txt", by=cast.tess)
        assert (clean.state, bad.state) == ("checking", "checking")
        deliver()

        clean.refresh_from_db()
        bad.refresh_from_db()
        assert (clean.state, bad.state, bad.finding) == ("ready", "infected", "Eicar-Signature")
        with pytest.raises(DomainError, match="a virus was found"):
            actions.keep_file(given=upload, purpose="tested", by=cast.tess, now=clock.now())
    deliver()
    assert AuditEvent.objects.filter(action="file.infected").count() == 2
    assert len(stored_bytes()) == 1
    assert FileUsage.objects.get().size == clean.size


@pytest.mark.parametrize("why", ["away", "limit"])
def test_scanner_that_does_not_answer_lets_nobody_open_the_file(cast, settings, why):
    with clamd(settings, most=10):
        if why == "away":
            settings.CLAMD_ADDRESS = "127.0.0.1:1"
        file = keep(cast)
        with pytest.raises(GatewayError) as failed:
            examination.scan(file.pk)
        outbox.deliver_due()

    assert failed.value.permanent == (why == "limit")
    file.refresh_from_db()
    assert file.state == "checking"
    assert OutboxMessage.objects.get(name="files.scan").failures == 1


def test_removed_file_leaves_nothing(cast):
    keep(cast, jpeg(), "Portrait.jpg")
    deliver()
    assert len(stored_bytes()) == 3

    actions.remove_file(file=StoredFile.objects.get(), by=cast.tess)
    deliver()

    assert not stored_bytes() and not StoredFile.objects.exists() and not Rendition.objects.exists()
    assert FileUsage.objects.get().size == 0
    assert AuditEvent.objects.get(action="file.removed").actor_id == str(cast.tess.pk)


def test_full_disk_keeps_nothing(cast, monkeypatch):
    def full(*_args, **_more):
        from tenants.storage import StorageFullError  # noqa: PLC0415 because only here

        raise StorageFullError

    monkeypatch.setattr(default_storage, "save", full)

    with pytest.raises(DomainError) as refused:
        keep(cast)

    assert refused.value.code == "storage_full"
    assert not StoredFile.objects.exists()


def test_what_was_changed_in_the_store_is_not_given_back(cast):
    file = keep(cast)
    path = Path(default_storage.path(file.stored_as))
    content = bytearray(path.read_bytes())
    content[500] ^= 1
    path.write_bytes(content)

    with pytest.raises(Damaged):
        contents.opened(file).read()


def test_key_is_changed_and_the_old_one_goes(cast, north):
    file = keep(cast, jpeg(), "Portrait.jpg")
    deliver()
    old, names = file.key_id, set(stored_bytes())
    lost = keep(cast, b"second", "b.txt")
    rotation.change_key()

    call_command("change_file_key", "north", "--go-on")

    file = StoredFile.objects.select_related("key").get(pk=file.pk)
    assert file.key_id != old and FileKey.objects.get() == file.key
    assert contents.opened(file).read() == jpeg() and file.name == "Portrait.jpg"
    assert contents.opened(StoredFile.objects.select_related("key").get(pk=lost.pk)).read() == b"second"
    assert Image.open(io.BytesIO(contents.opened(file.rendition("small")).read())).width == 160
    assert not names & set(stored_bytes()) and len(stored_bytes()) == 4
    assert AuditEvent.objects.get(action="file_key.changed").actor_kind == "system"


def test_upload_in_progress_outlives_a_new_key(cast):
    upload = actions.begin_upload(purpose="tested", name="a.txt", size=4, by=cast.tess, now=clock.now())
    part = {"upload": upload, "by": cast.tess, "now": clock.now()}
    actions.receive_part(start=0, size=2, content=io.BytesIO(b"01"), **part)
    rotation.change_key()
    rotation.seal_anew()

    done = actions.receive_part(start=2, size=2, content=io.BytesIO(b"23"), **part)

    assert contents.opened(done.file).read() == b"0123"


def test_secret_key_is_changed(cast, settings):
    file = keep(cast)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50

    rotation.seal_anew()
    settings.SECRET_KEY_FALLBACKS = []

    file = StoredFile.objects.select_related("key").get(pk=file.pk)
    assert contents.opened(file).read() == CANARY * 3000 and file.name == "Canary plan.txt"


def test_at_night_what_nobody_took_and_what_was_lost_goes(cast, moved_clock):
    kept = keep(cast)
    send(b"never taken", "a.txt", by=cast.tess)
    half = actions.begin_upload(purpose="tested", name="b.txt", size=10, by=cast.tess, now=clock.now())
    actions.receive_part(upload=half, start=0, size=3, content=io.BytesIO(b"abc"), by=cast.tess, now=clock.now())
    contents.store(io.BytesIO(b"of a program that was killed"), key=kept.key)
    upkeep.drop_unused_uploads(now=clock.now())
    upkeep.remove_lost_contents(now=clock.now())
    deliver()
    assert Upload.objects.count() == 2

    moved_clock(timedelta(days=2))
    upkeep.drop_unused_uploads(now=clock.now())
    upkeep.remove_lost_contents(now=clock.now())
    deliver()

    assert not Upload.objects.exists() and StoredFile.objects.get() == kept
    assert [name.endswith(kept.stored_as) for name in stored_bytes()] == [True]


ACTS = {
    "keep": lambda cast, file: keep(cast, docx(), "a.docx"),
    "remove": lambda cast, file: actions.remove_file(file=file, by=cast.tess),
    "change the key": lambda cast, file: rotation.change_key(),
}


@pytest.mark.parametrize("act", ACTS)
def test_act_without_its_note_does_not_happen(cast, monkeypatch, act):
    file, before = keep(cast), stored_bytes()

    assert_nothing_is_written(lambda: ACTS[act](cast, file), monkeypatch)

    assert stored_bytes() == before
