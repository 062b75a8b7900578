"""Pictures of strangers decoded no larger than wanted, upright, and written anew: nothing but the picture is left, no place and no date.

Which formats are decoded says who asks, never the content. With each stands the side of the largest square that is decoded.
"""

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageOps

LONGEST_SIDE = 16_000
_BAND = 16


class TooManyPixels(Exception):
    """Decoded it would take more memory than a picture is worth; `side` by `side` would be plenty."""

    def __init__(self, side: int) -> None:
        super().__init__(f"more than {side} x {side} pixels")
        self.side = side


def small_picture(upload: Any, widest: int, *, formats: Mapping[str, int], spare: int = 2) -> Image.Image:
    """The picture, upright and no larger than wanted, with its transparency. `spare`: how many times as large it is made small first.

    Size is looked at before anything is decoded: TooManyPixels. What is no picture raises whatever its decoder likes.
    """
    with Image.open(upload, formats=tuple(formats)) as picture:
        side = formats[picture.format or ""]
        if picture.width * picture.height > side * side or max(picture.size) > LONGEST_SIDE:
            raise TooManyPixels(side)
        picture.draft("RGB", (widest, widest))  # so that a JPEG is decoded no larger than needed
        small = _reduced(picture, widest * spare)
    ImageOps.exif_transpose(small, in_place=True)  # because another copy may be 36 MB
    small.thumbnail((widest, widest))
    return small


def _reduced(picture: Image.Image, side: int) -> Image.Image:
    """With four channels, its longer side of `side` or less than twice as much; band by band, because what a large picture costs is copies."""
    picture.load()
    if picture.mode.startswith("I"):  # 16 bits of grey, which would be cut off instead of scaled
        picture = picture.point(lambda value: value / 256).convert("L")
    factor = max(1, max(picture.size) // side)
    small = Image.new("RGBA", (-(-picture.width // factor), -(-picture.height // factor)))
    for top in range(0, picture.height, _BAND * factor):
        band = picture.crop((0, top, picture.width, min(top + _BAND * factor, picture.height)))
        small.paste(band.convert("RGBA").reduce(factor), (0, top // factor))
    small.info = {"exif": picture.info["exif"]} if "exif" in picture.info else {}
    return small


def as_webp(picture: Image.Image) -> bytes:
    """Without metadata; without transparency where there is none."""
    written = io.BytesIO()
    is_opaque = picture.mode == "RGB" or picture.getextrema()[-1][0] == 255  # type: ignore[index]
    picture.info = {}
    (picture.convert("RGB") if is_opaque else picture).save(written, "WEBP", quality=80)
    return written.getvalue()
