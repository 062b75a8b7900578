"""Pictures as people upload them: a wordmark in every format and mode that we mean, and files that are none."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

INK, PAPER = (17, 17, 17), (255, 255, 255)


def wordmark(ink: tuple[int, int, int] = INK, size: tuple[int, int] = (300, 90)) -> Image.Image:
    """Strokes of one colour on nothing."""
    drawn = Image.new("RGBA", size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(drawn)
    for left in range(10, size[0] - 10, 20):
        pen.rectangle((left, 10, left + 9, size[1] - 10), fill=(*ink, 255))
    return drawn


def on_paper() -> Image.Image:
    """The same, opaque."""
    drawn = Image.new("RGBA", (300, 90), PAPER)
    drawn.alpha_composite(wordmark())
    return drawn.convert("RGB")


LOGOS = {
    "png": lambda: written(wordmark(), "PNG"),
    "png-palette": lambda: written(wordmark().quantize(8), "PNG"),
    "png-grey": lambda: written(wordmark().convert("LA"), "PNG"),
    "png-16-bit-grey": lambda: written(Image.new("I;16", (60, 20), 60000), "PNG"),
    "png-1-bit": lambda: written(on_paper().convert("1"), "PNG"),
    "jpeg": lambda: written(on_paper(), "JPEG"),
    "jpeg-progressive": lambda: written(on_paper(), "JPEG", progressive=True),
    "jpeg-cmyk": lambda: written(on_paper().convert("CMYK"), "JPEG"),
    "webp": lambda: written(wordmark(), "WEBP"),
    "webp-lossless": lambda: written(wordmark(), "WEBP", lossless=True),
    "webp-moving": lambda: written(wordmark(), "WEBP", save_all=True, append_images=[on_paper()]),
    "png-very-wide": lambda: written(wordmark(size=(3000, 60)), "PNG"),
    "png-one-point": lambda: written(Image.new("RGB", (1, 1)), "PNG"),
}


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file's bytes."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def upload(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    """What a browser sends."""
    return SimpleUploadedFile(name, content)


def header_of_png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG that says how large it is and then hardly anything, or what `chunks` say."""
    head = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    body = chunks or ((b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in (head, *body))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
