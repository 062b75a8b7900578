"""A board's document as files: SVG, PNG and PDF."""

import base64
import io
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from PIL import Image
from pycrdt import Doc
from pycrdt import Map as SharedMap

from core.kernel import bounded
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from sessions_live.boards.format.items import ITEMS, PAGES, PLACES, TEXTS
from sessions_live.boards.format.svg import Page, Thing, drawing_of, svg_of
from sessions_live.boards.models import BoardPicture

PICTURE_SIDE = 1200  # pixels of a picture in a saved board
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


def draw(content: Content, *, title: str, about: str, fonts: Fonts, at: datetime) -> Files:
    """The files. Error: `board_not_drawn`, when there is more on it than can be drawn in a minute."""
    pictures = _pictures(content)
    family = ", ".join(fonts.families)
    drawings = [drawing_of(page, pictures=pictures, family=family) for page in content.pages]
    whole, width, height = svg_of(drawings, title=title, about=about)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "whole.svg").write_text(whole)
        (folder / "whole.typ").write_text(_sheet("whole.svg", width, height))
        sheets = []
        for number, one in enumerate(drawings, 1):
            svg, page_width, page_height = svg_of([one], title=title, about=about)
            (folder / f"{number}.svg").write_text(svg)
            sheets.append(_sheet(f"{number}.svg", page_width, page_height, about=about))
        document = f"#set document(title: {json.dumps(title)}, date: auto)\n" + "#pagebreak()\n".join(sheets)
        (folder / "pages.typ").write_text(document)
        given = {
            "folder": name, "fonts": fonts.folders, "at": int(at.timestamp()),
            "ppi": min(144.0, 72.0 * LONGEST_SIDE / max(width, height)),
        }  # fmt: skip
        try:
            bounded.run("sessions_live.boards.drawing_program:make", json.dumps(given).encode(), **LIMITS)
        except (bounded.Exhausted, bounded.Failed) as error:
            sentence = translate(
                "There is too much on this board to save all of it at once. Clear a page, or begin another board."
            )
            raise DomainError("board_not_drawn", sentence) from error
        pdf = _CREATOR.sub(
            lambda found: b"Documents".ljust(len(found.group()))[: len(found.group())],
            (folder / "board.pdf").read_bytes(),
        )
        return Files(svg=whole.encode(), png=(folder / "board.png").read_bytes(), pdf=pdf)


def _sheet(file: str, width: float, height: float, *, about: str = "") -> str:
    """One page of the typesetter's, with a line below it that says what it is."""
    foot = f'#v(6pt)\n#text(size: 9pt, fill: rgb("#475569"))[#{json.dumps(about)}]\n' if about else ""
    total = height + (24 if about else 0)
    return (
        f"#set page(width: {width:.2f}pt, height: {total:.2f}pt, margin: 0pt)\n"
        f'#block(spacing: 0pt)[#image("{file}", width: {width:.2f}pt, height: {height:.2f}pt, alt: {json.dumps(about or "board")})]\n'
        f"{foot}"
    )


def _pictures(content: Content) -> Mapping[str, str]:
    """The pictures that are still on the board, as data addresses."""
    wanted = {
        str(thing.item["picture"]) for page in content.pages for thing in page.things if thing.item["kind"] == "image"
    }
    return {str(one.pk): _data_address(one) for one in _kept(wanted)}


def _kept(wanted: Iterable[str]) -> Any:
    return BoardPicture.objects.filter(pk__in=list(wanted))


def _data_address(picture: BoardPicture) -> str:
    with default_storage.open(picture.file, "rb") as file, Image.open(file, formats=("WEBP",)) as stored:
        small = stored.convert("RGBA")
    small.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    ground = Image.new("RGB", small.size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(written.getvalue()).decode()}"
