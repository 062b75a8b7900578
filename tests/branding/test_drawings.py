"""A drawing becomes a picture: what could run, load or nest is gone, and what cannot be drawn is refused in a sentence."""

import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from branding.drawings import MOST_BYTES, PATIENCE, drawn
from branding.images import read_image
from core.kernel.errors import DomainError

pytestmark = pytest.mark.unit
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 200 100">'
RED = '<rect width="200" height="100" fill="#ff0000"/>'


def upload(text, name="logo.svg"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text, "image/svg+xml")


def pixel(text, at=(100, 50)):
    with Image.open(drawn(upload(text), widest=200)) as picture:
        return picture.convert("RGBA").getpixel(at)


def test_drawing_is_drawn_as_large_as_wanted_and_transparent():
    with Image.open(
        drawn(upload(f"{HEAD}<circle cx='100' cy='50' r='40' fill='#0f766e'/></svg>"), widest=640)
    ) as picture:
        assert (picture.size, picture.format) == ((640, 320), "PNG")
        assert picture.convert("RGBA").getpixel((0, 0))[3] == 0
        assert picture.convert("RGBA").getpixel((320, 160)) == (15, 118, 110, 255)


def test_logo_of_a_drawing_is_kept_as_a_picture():
    kept = read_image(upload(f"<?xml version='1.0'?>\n<!DOCTYPE svg>\n{HEAD}{RED}</svg>"), widest=640)

    assert kept.name.endswith(".png") and kept.read(8) == b"\x89PNG\r\n\x1a\n"


def test_icon_is_square_with_nothing_around_it():
    kept = read_image(upload(f"{HEAD}{RED}</svg>"), widest=512, is_square=True)
    with Image.open(io.BytesIO(kept.read())) as picture:
        assert picture.size == (512, 512)
        assert (picture.getpixel((256, 10))[3], picture.getpixel((256, 256))[:3]) == (0, (255, 0, 0))


@pytest.mark.parametrize(
    "trick",
    [
        "<script>alert(1)</script>",
        "<foreignObject width='200' height='100'><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        "<image href='secret.png' width='200' height='100'/>",
        "<image xlink:href='file:///etc/passwd' width='200' height='100'/>",
        "<image href='data:image/svg+xml;base64,PHN2Zy8+' width='200' height='100'/>",
        "<use href='https://elsewhere.example/a.svg#x'/>",
        "<style>@import 'https://elsewhere.example/a.css'; rect { fill: url(https://elsewhere.example/x) }</style>",
        "<g style='fill: url(//elsewhere.example/a)' onclick='alert(1)'/>",
        "<animate attributeName='x' from='0' to='9'/>",
        "<a href='javascript:alert(1)'><rect width='200' height='100' fill='#00f'/></a>",
    ],
)
def test_tricks_are_taken_out_and_the_rest_is_drawn(trick, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"")

    assert pixel(f"{HEAD}{RED}{trick}</svg>") == (255, 0, 0, 255)


NESTED = "".join(f"<g id='a{n}'>" + f"<use href='#a{n - 1}'/>" * 10 + "</g>" for n in range(1, 30))
BROKEN = {
    "no XML": "<svg",
    "no drawing": "<html><body/></html>",
    "entities": "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + HEAD + "<text>&b;</text></svg>",
    "a file of the machine": "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    + HEAD
    + "<text>&a;</text></svg>",
    "no size": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a size of nothing": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 10'/>",
    "a line": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1000000000'/>",
    "parts of parts of parts": f"{HEAD}<g id='a0'>{RED}</g>{NESTED}<use href='#a29'/></svg>",
    "a part of itself": f"{HEAD}<g id='a'><use href='#a'/></g><use href='#a'/></svg>",
    "too many parts": HEAD + RED * 20_001 + "</svg>",
    "too many bytes": HEAD + " " * MOST_BYTES + "</svg>",
    "not its own letters": b"<?xml version='1.0' encoding='utf-8'?>" + HEAD.encode() + b"<text>\xff\xfe</text></svg>",
}


MASKED = "".join(
    f"<mask id='m{n}'>" + f"<rect width='200' height='100' fill='#fff' mask='url(#m{n - 1})'/>" * 9 + "</mask>"
    for n in range(1, 9)
)
COSTLY = {
    "masks of masks of masks": f"{HEAD}<mask id='m0'>{RED}</mask>{MASKED}<rect width='200' height='100' mask='url(#m8)'/></svg>",
    "layers upon layers": HEAD + f"<g opacity='0.5'>{RED}</g>" * 9000 + "</svg>",
    "layers within layers": HEAD + "<g opacity='0.9'>" * 900 + RED + "</g>" * 900 + "</svg>",
}


@pytest.mark.parametrize("kind", COSTLY)
def test_what_costs_too_much_to_draw_is_ended_and_refused_in_a_sentence(kind):
    """Within every limit of number and size, and yet minutes or gigabytes of drawing."""
    began = time.monotonic()
    with pytest.raises(DomainError) as refused:
        read_image(upload(COSTLY[kind]), widest=640)

    assert refused.value.code == "drawing_too_large" and refused.value.message.endswith(".")
    assert time.monotonic() - began < PATIENCE + 5


@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_drawn_is_refused_in_a_sentence_at_once(kind):
    began = time.monotonic()
    with pytest.raises(DomainError) as refused:
        read_image(upload(BROKEN[kind]), widest=640)

    assert refused.value.message.endswith(".") and time.monotonic() - began < 5  # seconds, of a busy machine
