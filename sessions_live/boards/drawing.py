"""A board's document as files: SVG, PNG and PDF."""

import base64
import io
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage
from PIL import Image
from pycrdt import Doc
from pycrdt import Map as SharedMap

from core.kernel import bounded
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from sessions_live.boards.format.items import ITEMS, NO_TEXT, PAGES, PLACES, TEXTS
from sessions_live.boards.format.svg import Page, Thing, drawing_of, svg_of
from sessions_live.boards.models import Board, BoardPicture

PICTURE_SIDE = 1200  # pixels of a picture in a saved board
MOST_PICTURE_BYTES = 32 * 1024 * 1024  # of all pictures of a saved board, each counted once
MOST_BYTES = 128 * 1024 * 1024  # of the drawings that its files are made of
LONGEST_SIDE = 4000  # pixels of the PNG
LIMITS = {"megabytes": 1536, "seconds": 20, "patience": 60}
# The program writes its own name as creator, twice. Replaced by a neutral word of the same length, so that no offset moves.
_CREATOR = re.compile(rb"(?<=/Creator\()Typst [0-9.]+(?=\))|(?<=<xmp:CreatorTool>)Typst [0-9.]+(?=</xmp:CreatorTool>)")


@dataclass(frozen=True, slots=True)
class Fonts:
    """In which letters words are written: families in order, and the folders in which their files are."""

    families: list[str]
    folders: list[str]


@dataclass(frozen=True, slots=True)
class Content:
    """What a document says, ready to be drawn."""

    pages: list[Page]

    @property
    def texts(self) -> list[str]:
        return [thing.words for page in self.pages for thing in page.things if thing.words]

    @property
    def author_keys(self) -> set[str]:
        return {str(thing.item["by"]) for page in self.pages for thing in page.things}


@dataclass(frozen=True, slots=True)
class Files:
    """A saved board."""

    svg: bytes
    png: bytes
    pdf: bytes


def content_of(state: bytes) -> Content:
    """The pages of a document in their order, empty ones left out; one where there is nothing at all."""
    document: Doc = Doc()
    if state:
        document.apply_update(state)
    maps = {name: dict(document.get(name, type=SharedMap)) for name in (ITEMS, PLACES, TEXTS, PAGES)}
    order = {"1": {"rank": 0, "paper": "plain"}} | maps[PAGES]
    things: dict[str, list[tuple[float, Thing]]] = {}
    for key, place in maps[PLACES].items():
        item = maps[ITEMS].get(key)
        if item is not None and item["page"] in order:
            things.setdefault(item["page"], []).append((place["z"], Thing(item, place, maps[TEXTS].get(key, ""))))
    pages = [
        Page(order[key]["paper"], [thing for _, thing in sorted(things[key], key=lambda each: each[0])])
        for key in sorted(order, key=lambda each: order[each]["rank"])
        if key in things
    ]
    return Content(pages or [Page()])


def draw(board: Board, content: Content, *, title: str, about: str, fonts: Fonts, at: datetime) -> Files:
    """The files. Error: `board_not_drawn`, when there is more on it than can be drawn in a minute."""
    pictures = _pictures(board, content)
    family = ", ".join(fonts.families)
    drawings = [drawing_of(page, pictures=pictures.keys(), family=family) for page in content.pages]
    whole, width, height = svg_of(drawings, title=title, about=about, pictures=pictures)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        left = MOST_BYTES - _write(folder / "whole.svg", whole)
        _write(folder / "whole.typ", _sheet("whole.svg", width, height))
        sheets = []
        for number, one in enumerate(drawings, 1):
            svg, page_width, page_height = svg_of([one], title=title, about=about, pictures=pictures)
            left -= _write(folder / f"{number}.svg", svg)
            if left < 0:
                raise _too_much()
            sheets.append(_sheet(f"{number}.svg", page_width, page_height, about=about))
        families = ", ".join(map(_literal, fonts.families))
        head = f"#set document(title: {_literal(title)}, date: auto)\n#set text(font: ({families},))\n"
        _write(folder / "pages.typ", head + "#pagebreak()\n".join(sheets))
        given = {
            "folder": name, "fonts": fonts.folders, "at": int(at.timestamp()),
            "ppi": min(144.0, 72.0 * LONGEST_SIDE / max(width, height)),
        }  # fmt: skip
        try:
            bounded.run("sessions_live.boards.drawing_program:make", json.dumps(given).encode(), **LIMITS)
        except (bounded.Exhausted, bounded.Failed) as error:
            raise _too_much() from error
        pdf = _CREATOR.sub(
            lambda found: b"Documents".ljust(len(found.group()))[: len(found.group())],
            (folder / "board.pdf").read_bytes(),
        )
        return Files(svg=whole.encode(), png=(folder / "board.png").read_bytes(), pdf=pdf)


def _too_much() -> DomainError:
    sentence = translate(
        "There is too much on this board to save all of it at once. Clear a page, or begin another board."
    )
    return DomainError("board_not_drawn", sentence)


def _write(path: Path, text: str) -> int:
    """How many bytes it took."""
    return path.write_bytes(text.encode())


def _literal(text: str) -> str:
    """A text as the typesetter reads it between quotes. It knows JSON's escapes of quotes and strokes, and none of letters."""
    return '"' + NO_TEXT.sub("", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _sheet(file: str, width: float, height: float, *, about: str = "") -> str:
    """One page of the typesetter's, with a line below it that says what it is: as high as that takes."""
    foot = f'#pad(x: 12pt, y: 8pt)[#text(size: 9pt, fill: rgb("#475569"))[#{_literal(about)}]]\n' if about else ""
    return (
        f"#set page(width: {width:.2f}pt, height: auto, margin: 0pt)\n"
        f'#block(spacing: 0pt)[#image("{file}", width: {width:.2f}pt, height: {height:.2f}pt, alt: {_literal(about or "board")})]\n'
        f"{foot}"
    )


def _pictures(board: Board, content: Content) -> Mapping[str, str]:
    """The pictures that are still on the board, as data addresses; those that were put on this one."""
    wanted = {
        str(thing.item["picture"]) for page in content.pages for thing in page.things if thing.item["kind"] == "image"
    }
    found: dict[str, str] = {}
    left = MOST_PICTURE_BYTES
    for one in BoardPicture.objects.filter(board=board, pk__in=wanted).order_by("pk"):
        found[str(one.pk)] = address = _data_address(one)
        left -= len(address)
        if left < 0:
            raise _too_much()
    return found


def _data_address(picture: BoardPicture) -> str:
    with default_storage.open(picture.file, "rb") as file, Image.open(file, formats=("WEBP",)) as stored:
        small = stored.convert("RGBA")
    small.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    ground = Image.new("RGB", small.size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(written.getvalue()).decode()}"
