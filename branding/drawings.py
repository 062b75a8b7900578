"""Drawings (SVG) that people upload: what could run, load or nest without end is taken out, and what is left is drawn as a picture.

A drawing itself is never kept or served, so that nothing of it meets a browser. The typesetter draws it, whose renderer loads files that
stand beside it: hence the short list of what may stay.
"""

import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

import typst
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.kernel import bounded
from core.kernel.errors import DomainError
from core.kernel.translation import translate

MOST_BYTES = 1024 * 1024
MOST_ELEMENTS = 20_000
LONGEST_RATIO = 20.0
MEGABYTES = 256  # of addresses, of which the program itself takes a third
SECONDS = 2  # of the processor
PATIENCE = 10  # seconds, of a busy machine, for what takes a tenth of one
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
ELEMENTS = frozenset(
    f"{_SVG}{name}"
    for name in (
        "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan",
        "linearGradient", "radialGradient", "stop", "clipPath", "mask", "symbol", "use", "style",
    )
)  # fmt: skip
# Of an attribute or a style: an address that is not a part of the drawing itself, another sheet, and escapes that could hide one.
_ELSEWHERE = re.compile(r"url\(\s*(?![\"']?\s*#)|@import|image\(|\\", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(?:px|pt|mm|cm|in)?\s*")


def is_drawing(start: bytes) -> bool:
    """Whether a file that begins so is meant to be a drawing: pictures never begin with a bracket."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def drawn(upload: Any, *, widest: int) -> io.BytesIO:
    """The drawing as PNG, its longer side of `widest` pixels. Errors: `drawing_too_large`, `drawing_nested`, `picture_unreadable`."""
    if upload.size > MOST_BYTES:
        raise DomainError(
            "drawing_too_large", translate("The drawing is larger than 1 MB. Simplify it, or send a PNG.")
        )
    upload.seek(0)
    try:
        root = fromstring(upload.read())
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _unreadable() from error
    if root.tag != f"{_SVG}svg":
        raise _unreadable()
    _clean(root)
    _refuse_nested(root)
    return io.BytesIO(_picture(tostring(root), _ratio(root), widest))


def _clean(root: Element) -> None:
    """Take out everything that is not on the list, and every address that leads elsewhere."""
    number = 0
    for element in list(root.iter()):
        number += 1
        for child in [each for each in element if each.tag not in ELEMENTS]:
            element.remove(child)
        for name, value in list(element.attrib.items()):
            is_link = name in _HREF and not value.startswith("#")
            if is_link or name.lower().startswith("on") or name == "filter" or _ELSEWHERE.search(value):
                del element.attrib[name]
        if element.tag == f"{_SVG}style" and _ELSEWHERE.search(element.text or ""):
            element.text = ""
    if number > MOST_ELEMENTS:
        raise _too_costly()


def _refuse_nested(root: Element) -> None:
    """A part that is used may not use others: otherwise a few lines draw a thousand million of them."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    for used in _uses(root):
        part = named.get((used.get(_HREF[0]) or used.get(_HREF[1]) or "#")[1:])
        if part is not None and next(_uses(part), None) is not None:
            sentence = translate("Parts of the drawing use each other. Save it flattened, or send a PNG.")
            raise DomainError("drawing_nested", sentence)


def _uses(element: Element) -> Iterator[Element]:
    return element.iter(f"{_SVG}use")


def _ratio(root: Element) -> float:
    """Width over height; what it is drawn at must not depend on what it says of itself otherwise."""
    box = [float(part) for part in re.findall(r"-?[0-9]*\.?[0-9]+(?:[eE][-+]?\d+)?", root.get("viewBox", ""))]
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if len(box) == 4:
        width, height = box[2], box[3]
    elif all(sides):
        width, height = (float(side[1]) for side in sides if side)
    else:
        raise _unreadable()
    if not (width > 0 and height > 0 and 1 / LONGEST_RATIO <= width / height <= LONGEST_RATIO):
        raise DomainError("drawing_too_long", translate("The drawing is far wider than high, or far higher than wide."))
    return width / height


def _picture(svg: bytes, ratio: float, widest: int) -> bytes:
    width, height = (widest, widest / ratio) if ratio >= 1 else (widest * ratio, widest)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "drawing.svg").write_bytes(svg)
        main = Path(folder, "main.typ")
        main.write_text(
            f"#set page(width: {width:.2f}pt, height: {height:.2f}pt, margin: 0pt, fill: none)\n"
            f'#image("drawing.svg", width: {width:.2f}pt, height: {height:.2f}pt, fit: "contain")\n'
        )
        return _drawn_apart(main)


def _drawn_apart(main: Path) -> bytes:
    """The PNG that another process draws; refused when that one was ended, because of its limits or because it did not understand the file."""
    limits = {"megabytes": MEGABYTES, "seconds": SECONDS, "patience": PATIENCE}
    try:
        return bounded.run("branding.drawing_program:draw", str(main).encode(), **limits)
    except bounded.Exhausted as error:
        raise _too_costly() from error
    except bounded.Failed as error:
        raise _unreadable() from error


def png_of(main: Path) -> bytes:
    """The one page of a document of our own as PNG, a point a pixel, without fonts of the machine."""
    try:
        made = typst.compile(main, root=main.parent, format="png", ppi=72.0, ignore_system_fonts=True)
    except RuntimeError as error:  # of which the typesetter's own errors are some only
        raise _unreadable() from error
    return made[0] if isinstance(made, list) else made  # type: ignore[return-value]


def _too_costly() -> DomainError:
    return DomainError("drawing_too_large", translate("The drawing has too many parts. Simplify it, or send a PNG."))


def _unreadable() -> DomainError:
    return DomainError("picture_unreadable", translate("This file is not a picture that we can read."))
