"""The organization's icon as every device wants it: of one upload, or of its initials, in PNG."""

import io
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from branding.drawings import png_of
from branding.images import ground_of
from branding.models import Look
from branding.monogram import initials
from branding.rules.image_ground import GROUNDS
from branding.rules.palette import Palette

SIDE = 512
# What is asked for → its side in pixels, and how much of it the icon takes: a device cuts the rim off where it likes.
KINDS = {"180": (180, 1.0), "192": (192, 1.0), "512": (512, 1.0), "maskable": (512, 0.7)}
_OPAQUE = 250


def app_icon(look: Look, palette: Palette, kind: str) -> bytes:
    """The icon as PNG. FileNotFoundError when the picture was lost."""
    side, share = KINDS[kind]
    if not look.icon:
        return _monogram(look, palette, side, share)
    with look.icon.open("rb") as file:
        ground = GROUNDS[ground_of(file) or "light"]
        file.seek(0)
        with Image.open(file, formats=("PNG",)) as picture:
            icon = picture.convert("RGBA")
    return _on_ground(icon, ground, side, share, sees_through=kind in ("192", "512"))


def _on_ground(icon: Image.Image, ground: str, side: int, share: float, *, sees_through: bool) -> bytes:
    """In the middle of a square: of nothing, or of what the icon's own corner is made of."""
    corner: Any = icon.getpixel((0, 0))
    is_full = corner[3] >= _OPAQUE
    behind: Any = (0, 0, 0, 0) if sees_through and not is_full else corner[:3] if is_full else ground
    plate = Image.new("RGBA", (side, side), behind)
    inner = round(side * share)
    icon = icon.resize((inner, inner), Image.Resampling.LANCZOS)
    plate.alpha_composite(icon, ((side - inner) // 2, (side - inner) // 2))
    written = io.BytesIO()
    plate.save(written, "PNG", optimize=True)
    return written.getvalue()


def _monogram(look: Look, palette: Palette, side: int, share: float) -> bytes:
    """The initials on the brand's colour; without letters where the typesetter's own font lacks them."""
    letters = initials(look.name)
    if any(ord(letter) > 0x52F or not letter.isalnum() for letter in letters):
        letters = ""
    size = side * share * (0.6 if len(letters) < 2 else 0.46)
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder, "main.typ")
        main.write_text(
            f'#set page(width: {side}pt, height: {side}pt, margin: 0pt, fill: rgb("{palette.colours["action"]}"))\n'
            f'#set text(font: "DejaVu Sans Mono", weight: "bold", size: {size:.1f}pt, fill: rgb("{palette.colours["on-action"]}"),'
            f' top-edge: "cap-height", bottom-edge: "baseline", tracking: -{size * 0.05:.1f}pt)\n'
            f'#place(center + horizon)[#"{letters}"]\n'
        )
        return png_of(main)
