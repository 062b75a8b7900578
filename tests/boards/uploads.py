"""Pictures as people bring them."""

import io

from PIL import Image


def upload(size=(400, 300)):
    """A picture that does not become small: noise."""
    file = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(file, "PNG")
    file.size = file.tell()
    file.seek(0)
    return file
