"""What was received, and where: a page, a script, a mail, a document. Checks read nothing else."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Comment
from bs4.element import NavigableString, Tag
from pypdf import PdfReader
from pypdf.errors import PyPdfError

READ = ("alt", "title", "aria-label", "placeholder", "aria-description")
UNREAD = ("script", "style", "template", "code", "kbd", "pre", "textarea")  # source texts, and texts that people write


class Kind(StrEnum):
    """What a capture is."""

    PAGE = "page"
    PART = "part"  # of a page, fetched by itself, and answers that are data
    ERROR = "error"
    SCRIPT = "script"
    STYLE = "style"
    IMAGE = "image"
    MANIFEST = "manifest"
    ROBOTS = "robots"
    MAIL = "mail"
    PUSH = "push"  # what a device shows, and the contact that its push service reads
    TEXT = "text"  # a text message, with its sender and where its provider reports
    CALENDAR = "calendar"
    DOCUMENT = "document"
    CONSOLE = "console"  # an address of the operator's, asked on the organization's host
    OTHER_HOST = "other_host"  # the front page at an address that is not the primary one
    CALL = "call"  # addresses that a call is told
    STATEMENT = "statement"  # what stands on a card statement
    PROXY = "proxy"  # what the proxy shows while the application does not answer
    BRANCH = "branch"  # what is read in something that the people of a branch receive, `role` being the name that they know it by
    FALLBACK = "fallback"  # what is answered without an organization


@dataclass(frozen=True)
class Capture:
    """One thing that somebody received. `headers` in the order received, names in lower case; `content` as it came over the wire."""

    kind: Kind
    place: str
    content: bytes = b""
    role: str = ""
    language: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """For people: the place, by whom, in which language."""
        return " · ".join(part for part in (self.place, self.role, self.language) if part)

    @property
    def path(self) -> str:
        return urlsplit(self.place).path

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known == name), "")

    @cached_property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    @property
    def written_in(self) -> str:
        """In which language the page says that it is."""
        return str(self.soup.html.get("lang", "")).split("-")[0] if self.soup.html else ""

    @cached_property
    def read_text(self) -> str:
        """What people read or hear on it."""
        spoken = (
            str(tag.attrs[name]) for tags in self._tags.values() for tag in tags for name in READ if name in tag.attrs
        )
        return "\n".join(text for text in (*_texts(self.soup), *spoken) if text)

    @cached_property
    def _tags(self) -> dict[str, list[Tag]]:
        """Gathered in one pass, because many checks ask for some."""
        found: dict[str, list[Tag]] = defaultdict(list)
        for node in self.soup.descendants:
            if isinstance(node, Tag):
                found[node.name].append(node)
        return found

    def tags(self, *names: str) -> list[Tag]:
        """All tags with these names."""
        return [tag for name in names for tag in self._tags.get(name, ())]

    @cached_property
    def comments(self) -> list[str]:
        return [str(node) for node in self.soup.find_all(string=lambda node: isinstance(node, Comment))]

    @cached_property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.content, policy=policy.default)

    def mail_part(self, subtype: str) -> str:
        """The mail's text of this kind ("plain", "html"); empty without one."""
        part = self.message.get_body(preferencelist=(subtype,))
        return str(part.get_content()) if part is not None else ""

    @cached_property
    def document_facts(self) -> str:
        """A PDF's metadata and text."""
        try:
            reader = PdfReader(io.BytesIO(self.content))
            facts = "\n".join(f"{name}: {value}" for name, value in (reader.metadata or {}).items())
            return "\n".join((facts, _xmp(self.content), *(page.extract_text() for page in reader.pages)))
        except PyPdfError:
            return ""


def attachments_of(mail: Capture) -> Iterator[Capture]:
    """A mail's files, as captures of their own."""
    for part in mail.message.iter_attachments():
        content = part.get_payload(decode=True) or b""
        kind = {"text/calendar": Kind.CALENDAR, "application/pdf": Kind.DOCUMENT}.get(part.get_content_type())
        if kind is not None and isinstance(content, bytes):
            name = part.get_filename() or part.get_content_type()
            yield Capture(kind, f"{mail.place}: {name}", content, mail.role, mail.language)


def _texts(tag: Tag) -> Iterator[str]:
    for node in tag.children:
        if isinstance(node, Tag):
            if node.name not in UNREAD:
                yield from _texts(node)
        elif type(node) is NavigableString:  # and no comment
            yield node.strip()


def _xmp(content: bytes) -> str:
    found = re.search(rb"<\?xpacket.*<\?xpacket end", content, re.DOTALL)
    return found.group().decode("utf-8", errors="replace") if found else ""
