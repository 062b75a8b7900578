"""Pictures that people upload for the brand: decoded and written anew, so that nothing but the picture is kept."""

import io
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from branding.drawings import drawn, is_drawing
from branding.rules.image_ground import GROUNDS, Ground, ground_for
from branding.rules.picture_shade import shade_for
from core.kernel.errors import DomainError
from core.kernel.ids import new_id
from core.kernel.pictures import TooManyPixels, as_webp, small_picture
from core.kernel.translation import translate

# Chosen by us, never by the content: another decoder (PostScript's runs a program) is not even asked.
# With each the side of the largest square that is decoded: WebP's decoder keeps four copies of a picture.
FORMATS = {"PNG": 4000, "JPEG": 4000, "WEBP": 3000}
MOST_BYTES = 5 * 1024 * 1024
# The logo of a mail: always of this size in pixels, twice of what is shown, because mail knows no “as wide as it needs”.
MAIL_SIZE = (320, 96)
_COARSE = 64  # to find out which ground a picture needs, it is looked at from far away


def read_image(upload: Any, *, widest: int, is_square: bool = False, is_photo: bool = False) -> ContentFile:
    """Return the picture as PNG (a photo as WebP), at most `widest` pixels wide and high, without metadata, its name not to be guessed.

    A drawing (SVG) becomes a picture first. A square one is as large as wanted, with nothing around what is in it. Size is looked at before
    anything is decoded. Errors: `picture_too_large`, `picture_unreadable`, and those of `drawn`.
    """
    if upload.size > MOST_BYTES:
        raise DomainError("picture_too_large", translate("The picture is larger than 5 MB. Choose a smaller one."))
    try:
        if is_drawing(upload.read(200)):
            upload = drawn(upload, widest=widest)
        upload.seek(0)
        clean = _decoded(upload, widest, spare=1 if is_photo else 2)
        clean = ImageOps.pad(clean, (widest, widest), color=(0, 0, 0, 0)) if is_square else clean
    except DomainError:
        raise
    except Exception as error:  # noqa: BLE001 because a decoder that meets nonsense raises whatever it likes
        raise DomainError("picture_unreadable", translate("This file is not a picture that we can read.")) from error
    if is_photo:
        return ContentFile(as_webp(clean), name=f"{new_id().hex}.webp")
    return ContentFile(_as_png(clean), name=f"{new_id().hex}.png")


def ground_of(file: Any) -> Ground:
    """The ground on which this picture of ours can be seen; empty when there is none, or when any will do."""
    if not file:
        return ""
    file.seek(0)
    with Image.open(file, formats=tuple(FORMATS)) as picture:
        coarse = picture.convert("RGBA")
    file.seek(0)
    coarse.thumbnail((_COARSE, _COARSE))
    return ground_for(_points(coarse))


def shade_of(file: Any) -> int:
    """How many percent of black must lie over this picture of ours behind light text."""
    if not file:
        return 0
    file.seek(0)
    with Image.open(file, formats=tuple(FORMATS)) as picture:
        coarse = picture.convert("RGBA")
    file.seek(0)
    coarse.thumbnail((_COARSE, _COARSE))
    return shade_for(_points(coarse))


def mail_logo(file: Any, ground: Ground) -> bytes:
    """The logo as PNG of MAIL_SIZE on an opaque ground, because mail programs darken what is behind a picture as they like."""
    with Image.open(file, formats=tuple(FORMATS)) as picture:
        logo = picture.convert("RGBA")
    margin = 12
    logo.thumbnail((MAIL_SIZE[0] - 2 * margin, MAIL_SIZE[1] - 2 * margin))
    plate = Image.new("RGBA", MAIL_SIZE, GROUNDS[ground or "light"])
    plate.alpha_composite(logo, (margin, (MAIL_SIZE[1] - logo.height) // 2))
    return _as_png(plate.convert("RGB"))


def _decoded(upload: Any, widest: int, spare: int) -> Image.Image:
    """The picture, upright and no larger than wanted, with its transparency. `spare`: how many times as large it is made small first."""
    try:
        return small_picture(upload, widest, formats=FORMATS, spare=spare)
    except TooManyPixels as error:
        sentence = translate("The picture has too many pixels. %(side)s by %(side)s is plenty.", side=error.side)
        raise DomainError("picture_too_large", sentence) from error


def _points(picture: Image.Image) -> Iterator[tuple[str, float, int]]:
    for number, (red, green, blue, alpha) in picture.getcolors(_COARSE * _COARSE) or []:  # type: ignore[misc, str-unpack]
        yield f"#{red:02x}{green:02x}{blue:02x}", alpha / 255, number


def _as_png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
