"""Uploaded pictures: three formats, size before pixels, little memory and time, and a sentence for everything else."""

import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from branding.images import read_image
from core.kernel.errors import DomainError
from tests.factories.brand import brand_fields
from tests.factories.images import LOGOS, header_of_png, on_paper, upload, wordmark, written

POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(written) (w) file closefile showpage\n%%EOF\n"


def header_of_webp(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<IB3x", 10, 0x10)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def header_of_jpeg(width: int, height: int) -> bytes:
    real = bytearray(written(on_paper(), "JPEG"))
    at = real.index(b"\xff\xc0")
    real[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(real)


def animated(count: int) -> bytes:
    return written(wordmark(), "WEBP", save_all=True, append_images=[on_paper()] * count)


BROKEN = {
    "PostScript": lambda: POSTSCRIPT,
    "PostScript in a DOS wrapper": lambda: b"\xc5\xd0\xd3\xc6" + struct.pack("<II", 32, len(POSTSCRIPT)) + b"\0" * 20 + POSTSCRIPT,
    "GIF": lambda: written(on_paper(), "GIF"),
    "TIFF": lambda: written(on_paper(), "TIFF"),
    "BMP": lambda: written(on_paper(), "BMP"),
    "ICO": lambda: written(on_paper(), "ICO"),
    "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "PDF": lambda: b"%PDF-1.7\n%%EOF",
    "one letter": lambda: b"x",
    "PNG of nothing": lambda: header_of_png(0, 0),
    "PNG without an end": lambda: LOGOS["png"]()[:-40],
    "PNG cut in the head": lambda: LOGOS["png"]()[:20],
    "PNG with a false checksum": lambda: LOGOS["png"]().replace(b"IDAT", b"IDAT\1", 1),
    "PNG whose pixels end early": lambda: header_of_png(900, 900),
    "PNG with a broken chunk": lambda: header_of_png(9, 9, (b"IDAT", b"no zlib"), (b"IEND", b"")),
    "PNG with a bomb of text": lambda: header_of_png(9, 9, (b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 90_000_000)), (b"IEND", b"")),
    "PNG with a colour table of nothing": lambda: LOGOS["png-palette"]().replace(b"PLTE", b"PLTe", 1),
    "JPEG cut": lambda: LOGOS["jpeg"]()[:300],
    "JPEG of its first marker": lambda: b"\xff\xd8\xff\xe0",
    "WebP cut": lambda: LOGOS["webp"]()[:60],
    "WebP of a head only": lambda: header_of_webp(40, 40),
    "60,000 x 60,000, PNG": lambda: header_of_png(60_000, 60_000),
    "60,000 x 60,000, JPEG": lambda: header_of_jpeg(60_000, 60_000),
    "16,383 x 16,383, WebP": lambda: header_of_webp(16_383, 16_383),
    "one line of 2,000,000,000": lambda: header_of_png(2_000_000_000, 1),
    "WebP of 16 million": lambda: header_of_webp(4000, 4000),
    "one line of 20,000": lambda: header_of_png(20_000, 1),
}  # fmt: skip


@pytest.mark.unit
@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_no_picture_of_ours_is_refused_with_a_sentence(content, monkeypatch):
    monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", lambda *_, **__: pytest.fail("a program was started"))

    with pytest.raises(DomainError) as refused:
        read_image(upload(content()), widest=640)

    assert refused.value.code in ("picture_unreadable", "picture_too_large")
    assert str(refused.value.message).endswith(".")


@pytest.mark.unit
@pytest.mark.parametrize("size", [5 * 1024 * 1024 + 1, 0])
def test_size_in_bytes_is_looked_at_before_anything_is_read(size, monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("opened") if size else iter(()).throw(OSError))
    file = SimpleUploadedFile("logo.png", b"")
    file.size = size

    with pytest.raises(DomainError):
        read_image(file, widest=640)


@pytest.mark.unit
@pytest.mark.parametrize("kind", LOGOS)
def test_picture_becomes_a_small_png_without_anything_else(kind):
    made = read_image(upload(LOGOS[kind]()), widest=200)

    with Image.open(made) as picture:
        assert picture.format == "PNG" and max(picture.size) <= 200 and not picture.info
    assert made.name.endswith(".png") and len(made.name) == 36


@pytest.mark.unit
def test_photograph_is_upright_and_grey_keeps_its_shades():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    turned = read_image(upload(written(on_paper(), "JPEG", exif=exif)), widest=640)
    grey = read_image(upload(LOGOS["png-16-bit-grey"]()), widest=640)

    assert Image.open(turned).size == (90, 300)
    assert 230 <= Image.open(grey).convert("L").getpixel((5, 5)) <= 236


# One program for all pictures, because starting it takes longer than most of them; each picture is read by a child of it, which has read none before.
COST = """
import io, json, os, sys, time
from pathlib import Path
from PIL import Image, PngImagePlugin, JpegImagePlugin, WebPImagePlugin
import django
django.setup()
from branding.images import read_image

def most():  # of this program, while getrusage also counts what its parent had
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

def cost(name, how):
    content = Path(name).read_bytes()
    file = io.BytesIO(content); file.size = len(content)
    before, started = most(), time.process_time()
    said = ""
    try:
        read_image(file, **how)
    except Exception as error:
        said = type(error).__name__
    print(json.dumps([most() - before, time.process_time() - started, said]), flush=True)

for line in sys.stdin:
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    try:
        cost(*json.loads(line))
    finally:
        os._exit(0)
"""
LARGE = {
    "PNG of 16 million": lambda: written(Image.new("RGBA", (4000, 4000), (9, 9, 9, 80)), "PNG"),
    "PNG of 16 million, interlaced or not, with a table": lambda: written(Image.new("P", (4000, 4000), 3), "PNG"),
    "PNG of 16 million, grey": lambda: written(Image.new("I;16", (4000, 4000), 3), "PNG"),
    "JPEG of 16 million": lambda: written(Image.effect_noise((4000, 4000), 3), "JPEG", quality=40),
    "JPEG of 16 million, progressive": lambda: written(Image.effect_noise((4000, 4000), 3).convert("RGB"), "JPEG", quality=30, progressive=True),
    "WebP of 9 million": lambda: written(Image.new("RGBA", (3000, 3000), (9, 9, 9, 80)), "WEBP", method=0),
    "WebP of 9 million, lossless": lambda: written(Image.new("RGB", (3000, 3000)), "WEBP", lossless=True, method=0),
    "moving WebP": lambda: animated(200),
    "60,000 x 60,000": lambda: header_of_png(60_000, 60_000),
    "16,383 x 16,383, WebP": lambda: header_of_webp(16_383, 16_383),
    "bomb of text": BROKEN["PNG with a bomb of text"],
    "line of 16 million": lambda: written(Image.new("RGBA", (16_000, 1000), (9, 9, 9, 80)), "PNG"),
}  # fmt: skip
PHOTO = {"widest": 1400, "is_photo": True}  # as on the public pages, the largest that is kept
AS_PHOTOS = {
    "PNG of 16 million": LARGE["PNG of 16 million"],
    "PNG of 9 million": lambda: written(Image.new("RGBA", (2999, 2999), (9, 9, 9, 80)), "PNG"),
    "WebP of 9 million": lambda: written(Image.new("RGBA", (2990, 2990), (9, 9, 9, 80)), "WEBP", method=0),
}


@pytest.fixture(scope="module")
def reader():
    """The program that says what a picture costs: a line in, a line out."""
    with subprocess.Popen(
        [sys.executable, "-c", COST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    ) as running:
        yield running
        running.stdin.close()


@pytest.mark.parametrize(
    ("content", "how"),
    [(content, {"widest": 640}) for content in LARGE.values()] + [(content, PHOTO) for content in AS_PHOTOS.values()],
    ids=[*LARGE, *(f"{name}, as a photo" for name in AS_PHOTOS)],
)
def test_no_picture_costs_more_than_200_megabytes_and_two_seconds(content, how, tmp_path, reader):
    file = tmp_path / "logo"
    file.write_bytes(content())

    print(json.dumps([str(file), how]), file=reader.stdin, flush=True)
    kilobytes, seconds, said = json.loads(reader.stdout.readline())

    assert (kilobytes < 200 * 1024, seconds < 2) == (True, True), (kilobytes, seconds, said)


@pytest.mark.parametrize("kind", BROKEN)
def test_refused_upload_is_a_sentence_at_the_field(kind, cast, visit):
    for field in ("logo", "logo_dark"):
        answer = visit(cast.nora).post("/settings/", brand_fields(**{field: upload(BROKEN[kind]())}))

        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in answer.content.decode()
