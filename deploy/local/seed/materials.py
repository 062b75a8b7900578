"""What the demo's staff work with: sheets, a score, a sound, pictures and links; some shared, one replaced, one taken from the store."""

import io
import math
import struct
import wave
from datetime import datetime, timedelta

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from core.people.models import StaffMember, User
from core.resources.actions import (
    add_cards,
    add_file,
    add_lines,
    add_link,
    add_set,
    add_to_list,
    replace_file,
    set_favorite,
    share_resource,
)
from core.resources.models import Resource
from core.resources.rules.card_lines import Line
from deploy.local.seed.practices import Practice

_SHEETS = {
    "harbour": [
        ("Words with s at the beginning", ["sun", "sea", "sand", "sock", "soap", "sail", "seal", "six"], ["articulation", "s"]),
        ("Feelings, one to five", ["calm", "glad", "worried", "angry", "sad"], ["feelings"]),
    ],
    "cadenza": [
        ("Practice plan for a week", ["Monday: long notes", "Tuesday: scales", "Friday: play it to somebody"], ["practice"]),
        ("How to sit at the piano", ["Feet on the floor", "Elbows as high as the keys", "Shoulders low", "Round fingers"], ["piano"]),
    ],
}  # fmt: skip
_CARDS = {
    "harbour": ("Opposites", [("big", "small"), ("warm", "cold"), ("loud", "quiet"), ("fast", "slow"), ("full", "empty"), ("near", "far")]),
    "cadenza": ("Words of the score", [("piano", "soft"), ("forte", "loud"), ("crescendo", "getting louder"), ("allegro", "lively"),
                                       ("adagio", "slow"), ("da capo", "from the beginning")]),
}  # fmt: skip
_LINKS = {
    "harbour": ("Turn-taking game", "https://example.org/turn-taking", ["games"]),
    "cadenza": ("Metronome", "https://example.org/metronome", ["rhythm"]),
}


def fill_materials(practice: Practice, *, now: datetime) -> None:
    """Of the first two who work there; the second takes one from the store."""
    first, second = StaffMember.objects.filter(status="active").select_related("user").order_by("created_at", "pk")[:2]
    by, brought = first.user, []
    for number, (title, lines, tags) in enumerate(_SHEETS[practice.slug]):
        at = now - timedelta(days=20 - number)
        resource = add_file(given=_file(_sheet(title, lines), f"{title}.pdf"), tags=tags, by=by, now=at)
        brought.append(share_resource(resource=resource, by=by, now=at + timedelta(hours=1)))
    replace_file(
        resource=brought[0], given=_file(_sheet(*_SHEETS[practice.slug][0][:2], again=True), "Second edition.pdf"), by=by, now=now
    )  # fmt: skip
    set_favorite(resource=brought[0], is_favorite=True, by=by)
    _more(practice, by, now)
    _cards(practice, by, now)
    add_to_list(resource=brought[1], by=second.user, now=now)


def _cards(practice: Practice, by: User, now: datetime) -> None:
    """A set in words, which colleagues find in the store, and one of pictures."""
    at, (title, lines) = now - timedelta(days=2), _CARDS[practice.slug]
    words = add_set(title=title, tags=["cards"], by=by, now=at)
    add_lines(resource=words, lines=[Line(*each) for each in lines], by=by, now=at)
    share_resource(resource=words, by=by, now=at)
    shapes = add_set(title="Colours and shapes", tags=["cards", "pictures"], by=by, now=at)
    pictures = [
        _file(_shape(shape, colour), f"{name} {shape}.png")
        for shape in ("circle", "square", "triangle")
        for name, colour in (("Blue", "#2a6fb0"), ("Orange", "#d98f2b"), ("Green", "#2f8a57"))
    ]
    add_cards(resource=shapes, pictures=pictures, with_names=True, by=by, now=at)


def _shape(shape: str, colour: str) -> bytes:
    picture, written = Image.new("RGB", (600, 450), "#ffffff"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    if shape == "circle":
        draw.ellipse((150, 75, 450, 375), fill=colour)
    elif shape == "square":
        draw.rectangle((150, 75, 450, 375), fill=colour)
    else:
        draw.polygon([(300, 65), (130, 375), (470, 375)], fill=colour)
    picture.save(written, "PNG")
    return written.getvalue()


def _more(practice: Practice, by: User, now: datetime) -> None:
    at = now - timedelta(days=3)
    add_file(given=_file(_picture(), "Three shapes.png"), tags=["pictures"], by=by, now=at)
    add_file(given=_file(_tone(), "The note A.wav"), tags=["listening"], by=by, now=at)
    if practice.slug == "cadenza":
        add_file(given=_file(_scale(), "C major.musicxml"), tags=["scales"], by=by, now=at)
    title, address, tags = _LINKS[practice.slug]
    link: Resource = add_link(title=title, address=address, tags=tags, by=by, now=at)
    share_resource(resource=link, by=by, now=now)


def _file(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _sheet(title: str, lines: list[str], *, again: bool = False) -> bytes:
    items = "\n".join(f"#block(inset: 8pt, stroke: 0.5pt + gray, width: 100%, text(20pt)[{line}])" for line in lines)
    second = "#pagebreak()\n= Notes\n" + "\n".join(
        "#line(length: 100%, stroke: 0.5pt + gray)\n#v(1em)" for _ in range(12)
    )
    text = f'#set document(title: "{title}")\n#set page(paper: "a4", margin: 2cm)\n= {title}\n#v(1em)\n{items}\n{second if again else ""}'
    return typst.compile(text.encode())


def _picture() -> bytes:
    picture, written = Image.new("RGB", (1200, 800), "#f4f1ea"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    draw.ellipse((80, 250, 380, 550), fill="#2a7f7f")
    draw.rectangle((450, 250, 750, 550), fill="#d98f2b")
    draw.polygon([(970, 250), (820, 550), (1120, 550)], fill="#8a4f9e")
    picture.save(written, "PNG")
    return written.getvalue()


def _tone(seconds: int = 2, rate: int = 22050) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        samples = (math.sin(2 * math.pi * 440 * number / rate) * 9000 for number in range(seconds * rate))
        sound.writeframes(b"".join(struct.pack("<h", int(sample)) for sample in samples))
    return written.getvalue()


def _scale() -> bytes:
    notes = "".join(
        f"<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>1</duration><type>quarter</type></note>"
        for step, octave in (*((step, 4) for step in "CDEFGAB"), ("C", 5))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="4.0"><part-list><score-part id="P1"><part-name>C major</part-name>'
        '</score-part></part-list><part id="P1"><measure number="1"><attributes><divisions>1</divisions><time><beats>8</beats>'
        f"<beat-type>4</beat-type></time></attributes>{notes}</measure></part></score-partwise>"
    ).encode()
