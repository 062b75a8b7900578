"""The kept messages: raw bytes in `<id>.eml`, the envelope beside them in `<id>.json`; ids sort by arrival."""

import asyncio
import email
import json
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from pathlib import Path

KEPT = 2_000  # messages; the oldest go first


@dataclass(frozen=True, slots=True)
class Message:
    """What the list shows of one message. `sent_to` is the envelope's, so blind copies are in it."""

    id: str
    at: str  # ISO 8601, UTC
    sent_by: str
    sent_to: list[str]
    shown_from: str
    shown_to: str
    subject: str
    size: int
    attachments: list[str]


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def header(message: EmailMessage, name: str) -> str:
    """A header as text; one that no mail program could read comes as it stands."""
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # because the library's parsers stumble over damaged headers
        return next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")


def attachment_names(message: EmailMessage) -> list[str]:
    return [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]


class Mailbox:
    """One directory of messages. Safe to use from several threads."""

    def __init__(self, directory: Path, kept: int = KEPT) -> None:
        self.directory, self._kept = directory, kept
        self._lock = threading.Lock()
        directory.mkdir(parents=True, exist_ok=True)
        self._messages = self._read()
        self.arrived: set[asyncio.Event] = set()
        self.closing = False

    def keep(self, raw: bytes, sent_by: str, sent_to: Iterable[str]) -> Message:
        """Writes the message and its envelope, and drops the oldest beyond the limit."""
        with self._lock:
            message = _message(self._new_id(), raw, sent_by, list(sent_to))
            self._path(message.id, ".eml").write_bytes(raw)
            self._path(message.id, ".json").write_text(json.dumps(asdict(message), indent=2), "utf-8")
            self._messages[message.id] = message
            for old in list(self._messages)[: -self._kept]:
                self._drop(old)
        self._wake()
        return message

    def close(self) -> None:
        """Lets go of everybody who waits for mail."""
        self.closing = True
        self._wake()

    def find(self, *, to: str = "", subject: str = "", after: str = "") -> list[Message]:
        """Newest first: to an address or a part of one, with words in the subject, after an id or an ISO time."""
        wanted_to, wanted_subject = to.lower(), subject.lower()
        return [
            message
            for message in reversed(self._messages.values())
            if any(wanted_to in address.lower() for address in message.sent_to or [""])
            and wanted_subject in message.subject.lower()
            and (not after or (message.at if "-" in after[:8] else message.id) > after)
        ]

    def get(self, identifier: str) -> Message | None:
        return self._messages.get(identifier)

    def raw(self, message: Message) -> bytes:
        return self._path(message.id, ".eml").read_bytes()

    def remove(self, identifier: str) -> bool:
        """Whether there was such a message."""
        with self._lock:
            known = identifier in self._messages
            if known:
                self._drop(identifier)
        return known

    def clear(self) -> int:
        with self._lock:
            count = len(self._messages)
            for identifier in list(self._messages):
                self._drop(identifier)
        return count

    def _wake(self) -> None:
        for event in list(self.arrived):
            event.set()

    def _drop(self, identifier: str) -> None:
        del self._messages[identifier]
        for suffix in (".eml", ".json"):
            self._path(identifier, suffix).unlink(missing_ok=True)

    def _path(self, identifier: str, suffix: str) -> Path:
        return self.directory / f"{identifier}{suffix}"

    def _new_id(self) -> str:
        """By the clock, to the microsecond, and later than every earlier one even when the clock stands still."""
        made = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        last = next(reversed(self._messages), "")
        return made if made > last else f"{last.split('x')[0]}x{int(last.partition('x')[2] or 0) + 1:06d}"

    def _read(self) -> dict[str, Message]:
        found = {}
        for file in sorted(self.directory.glob("*.json")):
            try:
                message = Message(**json.loads(file.read_text("utf-8")))
            except (ValueError, TypeError):
                continue  # because a half-written envelope after a crash must not hide the other messages
            if self._path(message.id, ".eml").exists():
                found[message.id] = message
        return found


def _message(identifier: str, raw: bytes, sent_by: str, sent_to: list[str]) -> Message:
    message = parsed(raw)
    return Message(
        id=identifier,
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        sent_by=sent_by,
        sent_to=sent_to,
        shown_from=header(message, "From") or sent_by,
        shown_to=header(message, "To") or ", ".join(sent_to),
        subject=header(message, "Subject"),
        size=len(raw),
        attachments=attachment_names(message),
    )


def names(addresses: str) -> str:
    """`Nora <nora@example.org>` as `Nora`: what a list has room for."""
    pairs = getaddresses([addresses])
    return ", ".join(name or address for name, address in pairs if name or address) or addresses
