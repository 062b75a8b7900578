"""What runs in a process of its own (`core.kernel.bounded`): pictures in two sizes, of a picture or of the first page of a PDF.

It gives one line of JSON, `{"pages": …, "pictures": [{"width", "height", "size"}, …]}`, and behind it the pictures (WebP), the large one first.
"""

import io
import json

import pypdfium2
from PIL import Image

from core.kernel.pictures import as_webp, small_picture

LARGE, SMALL = 1600, 320
FORMATS = {"JPEG": 9000, "PNG": 6000, "WEBP": 4000, "AVIF": 4500, "GIF": 4000, "BMP": 6000}


def picture(content: bytes) -> bytes:
    """Of a picture."""
    return _given(small_picture(io.BytesIO(content), LARGE, formats=FORMATS, spare=1), pages=None)


def pdf(content: bytes) -> bytes:
    """Of the first page."""
    document = pypdfium2.PdfDocument(content)
    page = document[0]
    scale = min(LARGE / 2 / max(page.get_width(), page.get_height(), 1), 4)
    drawn = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return _given(drawn, pages=len(document))


def _given(large: Image.Image, *, pages: int | None) -> bytes:
    small = large.copy()
    small.thumbnail((SMALL, SMALL))
    written = [(each, as_webp(each)) for each in (large, small)]
    about = [{"width": each.width, "height": each.height, "size": len(content)} for each, content in written]
    head = json.dumps({"pages": pages, "pictures": about}).encode()
    return b"\n".join([head, b"".join(content for _, content in written)])
