"""What is held while files are received and examined, and what a refused one leaves behind."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.files import actions, contents
from core.files.actions import examination
from core.files.models import UploadPart
from core.kernel import clock, outbox
from core.kernel.errors import DomainError
from tests.factories.files import clamd, given, send, use_purpose


@pytest.fixture(autouse=True)
def _purpose(monkeypatch, settings, tmp_path):
    use_purpose(monkeypatch)
    settings.MEDIA_ROOT = tmp_path


def test_bytes_are_sealed_while_no_row_is_held(cast, monkeypatch):
    stock, depths = contents.store, []

    def store(*args, **more):
        depths.append(len(connection.savepoint_ids))
        return stock(*args, **more)

    monkeypatch.setattr(contents, "store", store)
    send(b"words " * 1000, "a.txt", by=cast.tess, part=2000)

    assert depths == [0, 0, 0, 0]  # three parts, and the file


def test_part_of_a_wrong_kind_leaves_nothing_in_the_store(cast):
    with pytest.raises(DomainError):
        send(b"<html>" * 1000, "a.png", by=cast.tess)
    while outbox.deliver_due():
        pass

    assert not [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    assert not UploadPart.objects.exists()


def test_file_may_be_pointed_to_while_the_scanner_looks(cast, settings):
    with clamd(settings):
        file = actions.keep_file(given=given(b"words", "a.txt"), purpose="tested", by=cast.tess, now=clock.now())
        with CaptureQueriesContext(connection) as asked:
            examination.scan(file.pk)

    locks = [each["sql"] for each in asked if "FOR " in each["sql"] and "files_storedfile" in each["sql"]]
    assert locks and all("FOR NO KEY UPDATE" in sql for sql in locks)
