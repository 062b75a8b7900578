"""Pictures that people upload for the brand: decoded and written anew, so that nothing but the picture is kept."""

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, UnidentifiedImageError

from core.kernel.errors import DomainError
from core.kernel.ids import new_id
from core.kernel.translation import translate

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000


def read_image(upload: Any, *, widest: int) -> ContentFile[bytes]:
    """Return the picture as PNG, at most `widest` pixels wide, without metadata, under a name that cannot be guessed.

    Errors: `picture_too_large`, `picture_unreadable`.
    """
    if upload.size > MOST_BYTES:
        raise DomainError("picture_too_large", translate("The picture is larger than 5 MB. Choose a smaller one."))
    try:
        with Image.open(upload) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise DomainError(
                    "picture_too_large", translate("The picture has too many pixels. 4000 by 4000 is plenty.")
                )
            clean = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise DomainError("picture_unreadable", translate("This file is not a picture that we can read.")) from error
    clean.thumbnail((widest, widest))
    written = io.BytesIO()
    clean.save(written, "PNG", optimize=True)
    return ContentFile(written.getvalue(), name=f"{new_id().hex}.png")
