"""Font files: what is kept of them, and that none of them harms the house."""

import io
import json
import zlib

import brotli
import pytest
from fontTools.ttLib import TTFont

from branding import font_files
from branding.font_files import Refused, read_font
from core.kernel import bounded
from tests.factories.fonts import LETTERS, font_file

pytestmark = pytest.mark.unit


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as error:
        read_font(content, paper_family="own 1", style="Regular")
    return error.value.code


def cleaned(content: bytes) -> dict:
    """Without a process of its own."""
    return json.loads(font_files.clean(b'{"family": "own 1", "style": "Regular"}\n' + content))


def test_font_is_written_anew_without_programs_and_notes():
    given = font_file(
        family="Quill\u200b \u202e<b>", more={"fpgm": b"\xb0\x01", "SVG ": b"<svg onload=x>", "junk": b"secret"}
    )

    read = read_font(given, paper_family="own 1", style="Regular")

    kept = TTFont(io.BytesIO(read.web))
    assert kept.flavor == "woff2" and not {"fpgm", "SVG ", "junk"} & set(kept.keys())
    assert {chr(letter) for letter in kept.getBestCmap()} == set(LETTERS)
    assert (read.family, read.licence, read.weights, read.is_variable) == ("Quill <b>", "Free for the test.", "", False)
    paper = TTFont(io.BytesIO(read.paper["Regular"]))
    assert (paper.flavor, paper["name"].getDebugName(1), paper["OS/2"].usWeightClass) == (None, "own 1", 400)


def test_variable_font_is_cut_for_documents():
    made = cleaned(font_file(is_variable=True, flavor="woff2"))

    assert made["weights"] == "100 900" and set(made["paper"]) == {"Regular", "SemiBold"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "font_unreadable"),
        (b"%PDF-1.7", "font_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "font_unreadable"),
        (b"ttcf\0\1\0\0\0\0\0\2", "font_collection"),
        (b"wOF2ttcf" + b"\0" * 40, "font_collection"),
        (b"wOF2\0\1\0\0" + b"\0" * 8 + b"\xff\xff\xff\xff", "font_unpacks"),
        (b"\0\1\0\0" + b"\0" * font_files.MOST_BYTES, "font_too_large"),
        (b"OTTO" + bytes(range(256)) * 40, "font_unreadable"),
    ],
)
def test_file_that_is_no_font_is_refused(content, code):
    assert refused(content) == code


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"fs_type": 2}, "font_restricted"),
        ({"fs_type": 0x100}, "font_whole"),
        ({"without": ("glyf", "loca")}, "font_unreadable"),
        ({"without": ("cmap",)}, "font_unreadable"),
        ({"letters": ""}, "font_letterless"),
    ],
)
def test_font_that_cannot_be_used_is_refused(about, code):
    assert cleaned(font_file(**about))["refused"] == code


def test_file_that_unpacks_without_end_ends_alone(monkeypatch):
    """Its head says 4 kB; it unpacks to 256 MB of nothing."""
    monkeypatch.setattr(font_files, "MEGABYTES", 200)
    compressor = brotli.Compressor(quality=5)
    packed = b"".join(compressor.process(b"\0" * (1 << 24)) for _ in range(16)) + compressor.finish()
    assert len(packed) < font_files.MOST_BYTES
    head = (
        b"wOF2\0\1\0\0"
        + (48 + 2 + len(packed)).to_bytes(4, "big")
        + b"\0\1\0\0"
        + (4096).to_bytes(4, "big")
        + len(packed).to_bytes(4, "big")
    )

    code = refused(head + b"\0" * 24 + bytes((0, 0x10)) + packed)

    assert code == "font_unpacks"


def test_table_that_unpacks_without_end_ends_alone(monkeypatch):
    """The same as WOFF, one table of which is 256 MB of nothing."""
    monkeypatch.setattr(font_files, "MEGABYTES", 200)
    compressor = zlib.compressobj(6)
    packed = b"".join(compressor.compress(b"\0" * (1 << 24)) for _ in range(14)) + compressor.flush()
    assert len(packed) < font_files.MOST_BYTES
    tags = (b"OS/2", b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"name", b"post")
    place = (
        (44 + 20 * len(tags)).to_bytes(4, "big")
        + len(packed).to_bytes(4, "big")
        + (1 << 28).to_bytes(4, "big")
        + b"\0\0\0\0"
    )
    entries = b"".join(tag + place for tag in tags)
    size = (44 + len(entries) + len(packed)).to_bytes(4, "big")
    head = b"wOFF\0\1\0\0" + size + len(tags).to_bytes(2, "big") + b"\0\0" + (4096).to_bytes(4, "big") + b"\0" * 24

    assert refused(head + entries + packed) == "font_unpacks"


@pytest.mark.parametrize(
    ("function", "error"), [("memory", bounded.Exhausted), ("time", bounded.Exhausted), ("sense", bounded.Failed)]
)
def test_process_ends_at_its_limits(function, error):
    with pytest.raises(error):
        bounded.run(f"tests.branding.test_font_files:_needs_{function}", b"", megabytes=1200, seconds=1, patience=20)


def _needs_memory(_given: bytes) -> bytes:
    return bytes(2_000_000_000)


def _needs_time(_given: bytes) -> bytes:
    while True:
        pass


def _needs_sense(_given: bytes) -> bytes:
    raise ValueError
