"""Pictures for the demo's websites, drawn here: soft shapes in the organization's colours, because no photograph of real people is ours to give."""

import io
import math
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

SIZE = (1200, 900)


def landscape(main: str, accent: str, *, seed: str) -> SimpleUploadedFile:
    """Hills or waves under a sun."""
    dice = random.Random(seed)
    picture = _ground(_mixed(main, "#ffffff", 0.86), _mixed(accent, "#ffffff", 0.62))
    pen = ImageDraw.Draw(picture)
    x, y, size = dice.randint(650, 950), dice.randint(180, 300), dice.randint(90, 150)
    pen.ellipse((x - size, y - size, x + size, y + size), fill=_mixed(accent, "#ffffff", 0.25))
    for layer in range(5):
        height, wave = 430 + layer * 95, dice.uniform(0.004, 0.009)
        rise, shift = dice.randint(26, 70), dice.uniform(0, 6)
        line = [(left, height + rise * math.sin(left * wave + shift)) for left in range(0, SIZE[0] + 8, 8)]
        pen.polygon([(0, SIZE[1]), *line, (SIZE[0], SIZE[1])], fill=_mixed(main, "#ffffff", 0.62 - layer * 0.15))
    return _upload(picture.filter(ImageFilter.GaussianBlur(1.2)), seed)


def portrait(color: str, *, seed: str) -> SimpleUploadedFile:
    """Somebody as a drawn figure: head and shoulders before a soft ground."""
    dice = random.Random(seed)
    picture = _ground(_mixed(color, "#ffffff", 0.78), _mixed(color, "#ffffff", 0.45)).resize((900, 900))
    pen = ImageDraw.Draw(picture)
    skin = dice.choice(("#f1c9a5", "#e0ac7e", "#c68863", "#8d5a3c", "#f6d7bd"))
    hair = dice.choice(("#2b2118", "#5b3a24", "#8a6a3d", "#3a3a3f", "#a9622e"))
    long_hair = dice.random() < 0.5
    if long_hair:
        pen.rounded_rectangle((268, 210, 632, 690), 170, fill=hair)
    pen.ellipse((150, 640, 750, 1240), fill=color)
    pen.rounded_rectangle((395, 520, 505, 700), 50, fill=_mixed(skin, "#000000", 0.12))
    pen.ellipse((290, 230, 610, 610), fill=skin)
    pen.pieslice((278, 190, 622, 560), 180, 360, fill=hair)
    pen.arc((380, 440, 520, 540), 25, 155, fill=_mixed(skin, "#000000", 0.5), width=9)
    for eye in (385, 495):
        pen.ellipse((eye, 405, eye + 22, 427), fill="#2b2118")
    return _upload(picture.filter(ImageFilter.GaussianBlur(0.8)), seed)


def lettering(name: str, color: str) -> SimpleUploadedFile:
    """A name as a logo: two dots and letters, without a ground."""
    font = ImageFont.load_default(size=96)
    left, top, right, bottom = font.getbbox(name)
    picture = Image.new("RGBA", (int(right - left) + 190, 150), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((4, 27, 100, 123), fill=color)
    pen.ellipse((70, 27, 140, 97), fill=_mixed(color, "#ffffff", 0.45))
    pen.text((170, (150 - (bottom + top)) / 2), name, font=font, fill=color)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue(), "image/png")


def _ground(top: str, bottom: str) -> Image.Image:
    """From one colour to another."""
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), ImageColor.getrgb(top)[:3])
    strip.putpixel((0, 1), ImageColor.getrgb(bottom)[:3])
    return strip.resize(SIZE, Image.Resampling.BICUBIC)


def _mixed(one: str, other: str, share: float) -> str:
    first, second = ImageColor.getrgb(one), ImageColor.getrgb(other)
    red, green, blue = (
        round(a + (b - a) * max(0.0, min(1.0, share))) for a, b in zip(first[:3], second[:3], strict=True)
    )
    return f"#{red:02x}{green:02x}{blue:02x}"


def _upload(picture: Image.Image, name: str) -> SimpleUploadedFile:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92)
    return SimpleUploadedFile(f"{name}.jpg", file.getvalue(), "image/jpeg")
