"""The tables of docs/rules/file-types.md, and the names under which files are kept."""

import io

import pytest

from core.files.rules.file_names import clean_name
from core.files.rules.file_types import TYPES, ending_of, type_of
from core.files.rules.room import Room, room_on_plan, size_words
from core.files.sealing import PIECE, TAG, Damaged, Sealing, Unsealing, place_of
from tests.factories.files import docx, jpeg, pdf
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
MADE = {
    "a JPEG": jpeg(40),
    "a PDF": pdf(1),
    "a ZIP": docx(),
    "text": b"Hello",
    "HTML": b"<!DOCTYPE html><script>",
    "nothing": b"",
}


@pytest.mark.parametrize("row", rows("file-types"))
def test_table_of_names_and_contents(row):
    name, begins, becomes = row

    verdict = type_of(name, MADE[begins])

    assert (f"refused: no {verdict.claimed.code}" if verdict.claimed else verdict.type.code) == becomes


def test_every_ending_belongs_to_types_that_bytes_tell_apart():
    for ending in {ending for each in TYPES for ending in each.endings}:
        assert sum(ending in each.endings for each in TYPES) == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *rows("file-names"),
        ("", "file"),
        ("   ", "file"),
        ("bad\u202egpj.exe", "badgpj.exe"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("line\nbreak\r.pdf", "line_break_.pdf"),
        ("half \ud800.pdf", "half _.pdf"),
    ],
)
def test_name_is_kept_without_folders_and_tricks(typed, kept):
    assert clean_name(typed) == kept


def test_long_name_keeps_its_ending():
    assert clean_name("x" * 500 + ".musicxml").endswith("x.musicxml")
    assert len(clean_name("x" * 500 + ".musicxml")) == 200
    assert len(clean_name("楽" * 300 + ".pdf").encode()) <= 240


def test_ending_is_a_short_word_behind_the_last_dot():
    assert [ending_of(name) for name in ("a.PDF", "a", ".bashrc", "a.tar.gz", "a.very long", "a.")] == [
        "pdf",
        "",
        "",
        "gz",
        "",
        "",
    ]


@pytest.mark.parametrize("row", rows("room"))
def test_room(row):
    used, gigabytes, size, takes, nearly = row
    room = room_on_plan(int(used), None if gigabytes == "–" else int(gigabytes))

    assert ("yes" if room.takes(int(size)) else "no", "yes" if room.is_nearly_full else "no") == (takes, nearly)


def test_sizes_in_words():
    assert [size_words(size) for size in (0, 1, 1500, 4_200_000, 1_500_000_000)] == [
        "0 kB",
        "1 kB",
        "2 kB",
        "4.2 MB",
        "1.5 GB",
    ]
    assert Room(1, None).left is None


def sealed(content, name="files/x"):
    sealing = Sealing(io.BytesIO(content), key=b"k" * 32, name=name)
    return sealing.read(), sealing


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_any_part_of_what_was_sealed_is_read(size):
    content = bytes(number % 251 for number in range(size))
    stored, sealing = sealed(content)

    assert sealing.size == size
    assert len(stored) == size + TAG * max(1, -(-size // PIECE))
    for start in {0, 1, size // 2, max(0, size - 1), min(size, PIECE)}:
        handle = io.BytesIO(stored)
        handle.seek(place_of(start))
        found = Unsealing(handle, key=b"k" * 32, name="files/x", size=size, start=start).read()
        assert found == content[start:]


def test_what_was_changed_cut_or_exchanged_is_not_read():
    content = bytes(range(256)) * 1024
    stored, _ = sealed(content)
    piece = PIECE + TAG
    changed = {
        "a bit": stored[:100] + bytes([stored[100] ^ 1]) + stored[101:],
        "cut at a piece": stored[:piece],
        "cut": stored[: piece * 2 + 5],
        "exchanged": stored[piece : 2 * piece] + stored[:piece] + stored[2 * piece :],
        "empty": b"",
    }

    for what, bytes_ in changed.items():
        with pytest.raises(Damaged):
            Unsealing(io.BytesIO(bytes_), key=b"k" * 32, name="files/x", size=len(content)).read()
            raise AssertionError(what)
    with pytest.raises(Damaged):  # another file's place
        Unsealing(io.BytesIO(stored), key=b"k" * 32, name="files/y", size=len(content)).read()
