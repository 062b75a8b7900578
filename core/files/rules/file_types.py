"""What a file is: its first bytes and the ending of its name must say the same.

A file whose name claims a kind that its bytes are not is refused, because one of both lies. A file of a kind that we do not know is kept and
given back as it came, and nothing in the product opens it. A file without an ending is what its bytes are.
docs/rules/file-types.md has the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

HEAD = 4096  # bytes that are looked at
OCTETS = "application/octet-stream"


class Kind(StrEnum):
    """What can be done with it in the product."""

    PICTURE = "picture"
    PDF = "pdf"
    AUDIO = "audio"
    VIDEO = "video"
    SCORE = "score"
    DOCUMENT = "document"
    SLIDES = "slides"
    SHEET = "sheet"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mark:
    """Bytes that stand at a place; with `within`, anywhere before it."""

    content: bytes
    at: int = 0
    within: int = 0

    def is_in(self, head: bytes) -> bool:
        if self.within:
            return self.content in head[: self.within]
        return head.startswith(self.content, self.at)


@dataclass(frozen=True, slots=True)
class FileType:
    """One kind of file. Each of `marks` is a set of which all must be there; one set is enough. None at all: it must be text."""

    code: str
    kind: Kind
    content_type: str
    endings: tuple[str, ...]
    marks: tuple[tuple[Mark, ...], ...] = ()

    def fits(self, head: bytes) -> bool:
        if not self.marks:
            return is_text(head)
        return any(all(mark.is_in(head) for mark in marks) for marks in self.marks)


OTHER = FileType("other", Kind.OTHER, OCTETS, ())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What it is, or that its name claims what it is not (`claimed`)."""

    type: FileType
    claimed: FileType | None = None


def _riff(form: bytes) -> tuple[Mark, ...]:
    return (Mark(b"RIFF"), Mark(form, 8))


def _brand(*brands: bytes) -> tuple[tuple[Mark, ...], ...]:
    return tuple((Mark(b"ftyp", 4), Mark(brand, 8)) for brand in brands)


def _package(name: bytes) -> tuple[Mark, ...]:
    return (Mark(b"PK\x03\x04"), Mark(b"mimetypeapplication/vnd.oasis.opendocument." + name, 30))


_MP3 = tuple((Mark(start),) for start in (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"))
_ZIP = ((Mark(b"PK\x03\x04"),),)
_OLE = ((Mark(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),),)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_MP4 = _brand(b"mp4", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"avc1", b"M4V", b"MSNV", b"dash", b"3gp")

TYPES: tuple[FileType, ...] = (
    FileType("jpeg", Kind.PICTURE, "image/jpeg", ("jpg", "jpeg", "jfif"), ((Mark(b"\xff\xd8\xff"),),)),
    FileType("png", Kind.PICTURE, "image/png", ("png",), ((Mark(b"\x89PNG\r\n\x1a\n"),),)),
    FileType("webp", Kind.PICTURE, "image/webp", ("webp",), (_riff(b"WEBP"),)),
    FileType("gif", Kind.PICTURE, "image/gif", ("gif",), ((Mark(b"GIF87a"),), (Mark(b"GIF89a"),))),
    FileType("bmp", Kind.PICTURE, "image/bmp", ("bmp", "dib"), ((Mark(b"BM"),),)),
    FileType("avif", Kind.PICTURE, "image/avif", ("avif",), _brand(b"avif", b"avis")),
    FileType("pdf", Kind.PDF, "application/pdf", ("pdf",), ((Mark(b"%PDF-", within=1024),),)),
    FileType("mp3", Kind.AUDIO, "audio/mpeg", ("mp3",), _MP3),
    FileType("wav", Kind.AUDIO, "audio/wav", ("wav",), (_riff(b"WAVE"),)),
    FileType("ogg", Kind.AUDIO, "audio/ogg", ("ogg", "oga", "opus"), ((Mark(b"OggS"),),)),
    FileType("flac", Kind.AUDIO, "audio/flac", ("flac",), ((Mark(b"fLaC"),),)),
    FileType("m4a", Kind.AUDIO, "audio/mp4", ("m4a",), _brand(b"M4A", b"mp42", b"isom")),
    FileType("mp4", Kind.VIDEO, "video/mp4", ("mp4", "m4v"), _MP4),
    FileType("mov", Kind.VIDEO, "video/quicktime", ("mov",), (*_brand(b"qt  "), (Mark(b"moov", 4),), (Mark(b"wide", 4),))),
    FileType("webm", Kind.VIDEO, "video/webm", ("webm",), ((Mark(b"\x1a\x45\xdf\xa3"), Mark(b"webm", within=HEAD)),)),
    FileType("docx", Kind.DOCUMENT, f"{_OFFICE}wordprocessingml.document", ("docx",), _ZIP),
    FileType("pptx", Kind.SLIDES, f"{_OFFICE}presentationml.presentation", ("pptx",), _ZIP),
    FileType("xlsx", Kind.SHEET, f"{_OFFICE}spreadsheetml.sheet", ("xlsx",), _ZIP),
    FileType("doc", Kind.DOCUMENT, "application/msword", ("doc",), _OLE),
    FileType("ppt", Kind.SLIDES, "application/vnd.ms-powerpoint", ("ppt",), _OLE),
    FileType("xls", Kind.SHEET, "application/vnd.ms-excel", ("xls",), _OLE),
    FileType("odt", Kind.DOCUMENT, f"{_OPEN}text", ("odt",), (_package(b"text"),)),
    FileType("odp", Kind.SLIDES, f"{_OPEN}presentation", ("odp",), (_package(b"presentation"),)),
    FileType("ods", Kind.SHEET, f"{_OPEN}spreadsheet", ("ods",), (_package(b"spreadsheet"),)),
    FileType("rtf", Kind.DOCUMENT, "application/rtf", ("rtf",), ((Mark(b"{\\rtf"),),)),
    FileType("mxl", Kind.SCORE, "application/vnd.recordare.musicxml", ("mxl",), _ZIP),
    FileType(
        "musicxml", Kind.SCORE, "application/vnd.recordare.musicxml+xml", ("musicxml", "xml"),
        ((Mark(b"<score-partwise", within=HEAD),), (Mark(b"<score-timewise", within=HEAD),)),
    ),
    FileType("midi", Kind.SCORE, "audio/midi", ("mid", "midi"), ((Mark(b"MThd"),),)),
    FileType("text", Kind.TEXT, "text/plain", ("txt", "text", "md")),
    FileType("csv", Kind.TEXT, "text/csv", ("csv", "tsv")),
)  # fmt: skip
BY_CODE = {each.code: each for each in (*TYPES, OTHER)}


def type_of(name: str, head: bytes) -> Verdict:
    """What a file of this name is that begins so."""
    ending = ending_of(name)
    if not ending:
        return Verdict(next((each for each in TYPES if each.marks and each.marks != _ZIP and each.fits(head)), OTHER))
    claimed = [each for each in TYPES if ending in each.endings]
    fitting = next((each for each in claimed if each.fits(head)), None)
    if fitting is not None:
        return Verdict(fitting)
    if not claimed or ending == "xml":  # any other XML is a file like others
        return Verdict(OTHER)
    return Verdict(OTHER, claimed[0])


def ending_of(name: str) -> str:
    """`pdf` of `A.pdf`; empty where there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem.strip(".") and len(ending) <= 10 and ending.isalnum() else ""


def endings_of(kinds: Sequence[Kind]) -> list[str]:
    """Every ending that files of these kinds have."""
    return [ending for each in TYPES if each.kind in kinds for ending in each.endings]


def is_text(head: bytes) -> bool:
    """Whether it begins as text does: no byte that text has no use for."""
    return not any(byte < 9 or 13 < byte < 32 and byte != 27 for byte in head) or head.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    )
