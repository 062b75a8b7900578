"""The key of an organization is changed, and SECRET_KEY is: everything follows, or stays readable as it was."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import models

from core.files import actions, contents
from core.files.actions import rotation
from core.files.models import FileKey, StoredFile
from core.kernel import clock, encrypted_columns
from core.records.models import Goal, Note, NoteVersion
from tests.factories.files import given, use_purpose
from tests.factories.records import make_goal, share, sign, write

NEWER, NEWEST = "newer-" + "n" * 50, "newest-" + "w" * 50


@pytest.fixture(autouse=True)
def _purpose(monkeypatch, settings, tmp_path):
    use_purpose(monkeypatch)
    settings.MEDIA_ROOT = tmp_path


def keep(cast, content, name):
    return actions.keep_file(given=given(content, name), purpose="tested", by=cast.tess, now=clock.now())


def again(file):
    return StoredFile.objects.select_related("key").get(pk=file.pk)


def turn_the_secret(settings, newer, *, known=True):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS] if known else []
    settings.SECRET_KEY = newer


def test_forgotten_secret_is_refused_before_anything_is_written(cast, settings, capsys):
    first = keep(cast, b"first", "First plan.txt")
    old = settings.SECRET_KEY
    turn_the_secret(settings, NEWER)
    rotation.change_key()  # what comes now is sealed with a key that the newer secret keeps
    second = keep(cast, b"second", "Second plan.txt")
    write(cast)
    before = list(StoredFile.objects.order_by("pk").values()), list(FileKey.objects.order_by("pk").values())
    settings.SECRET_KEY_FALLBACKS = []

    for options in ((), ("--go-on",)):
        with pytest.raises(CommandError, match="Nothing was changed") as refused:
            call_command("change_file_key", "north", *options)
        assert "files.storedfile.encrypted_name (1)" in str(refused.value)

    assert (list(StoredFile.objects.order_by("pk").values()), list(FileKey.objects.order_by("pk").values())) == before
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("change_file_key", "north", "--go-on")
    settings.SECRET_KEY_FALLBACKS = []
    assert [again(first).name, again(second).name] == ["First plan.txt", "Second plan.txt"]
    assert contents.opened(again(first)).read() == b"first"


def test_what_is_lost_for_good_is_left_as_it_is_and_the_rest_is_done(cast, settings):
    lost, note = keep(cast, b"lost", "Lost plan.txt"), write(cast)
    StoredFile.objects.filter(pk=lost.pk).update(encrypted_name="of another house")
    Note.objects.filter(pk=note.pk).update(sealed="of another house, too")
    kept = keep(cast, b"kept", "Kept plan.txt")
    turn_the_secret(settings, NEWER)

    with pytest.raises(CommandError, match="stay as they are: .*records.note.sealed"):
        call_command("change_file_key", "north", "--leave-unreadable")

    settings.SECRET_KEY_FALLBACKS = []
    assert StoredFile.objects.get(pk=lost.pk).encrypted_name == "of another house"
    assert Note.objects.get(pk=note.pk).sealed == "of another house, too"
    assert again(kept).name == "Kept plan.txt" and contents.opened(again(kept)).read() == b"kept"


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_damaged_file_is_told_and_the_rest_is_done(cast, harm):
    damaged, fine = keep(cast, b"damaged", "a.txt"), keep(cast, b"fine", "b.txt")
    path = Path(default_storage.path(damaged.stored_as))
    path.unlink() if harm == "gone" else path.write_bytes(b"x" + path.read_bytes()[1:])

    with pytest.raises(CommandError, match=str(damaged.pk)) as told:
        call_command("change_file_key", "north")

    assert str(fine.pk) not in str(told.value)
    assert contents.opened(again(fine)).read() == b"fine" and again(fine).key.is_current
    assert again(damaged).key_id == damaged.key_id  # whose key stays, because somebody may bring the bytes back


def test_notes_and_goals_follow_a_new_secret(cast, settings):
    note, goal = write(cast, title="Sea"), make_goal(cast)
    sign(cast, note)
    share(cast, note)
    turn_the_secret(settings, NEWER)
    rotation.seal_anew()
    turn_the_secret(settings, NEWEST)
    call_command("change_file_key", "north", "--go-on")
    settings.SECRET_KEY_FALLBACKS = []

    note, goal = Note.objects.get(pk=note.pk), Goal.objects.get(pk=goal.pk)
    assert note.text.title == "Sea" and note.is_intact and note.share.text.title == "Sea"
    assert goal.text.title == "Reads aloud" and [step.words for step in goal.steps.all()] == ["Alone", "To mother"]


def test_second_run_writes_nothing(cast, settings):
    write(cast)
    turn_the_secret(settings, NEWER)
    assert encrypted_columns.encrypt_anew() >= 1
    before = Note.objects.get().sealed

    assert encrypted_columns.encrypt_anew() == 0
    assert Note.objects.get().sealed == before


def test_every_encrypted_column_of_an_organization_is_known():
    """By their names; those of the platform itself stand in docs/operations.md."""
    named = ("encrypted", "sealed", "private_key", "push_private_key", "server_password", "text_token")
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_config.name in django_settings.TENANT_APPS
        for field in model._meta.get_fields()
        if isinstance(field, models.TextField) and (field.name in named or field.name.startswith("encrypted_"))
    }
    assert found == {column.label for column in encrypted_columns.registered()}
    assert f"{NoteVersion._meta.label_lower}.sealed" in found
