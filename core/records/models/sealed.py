"""What is written about clients lies encrypted in the database, so that neither a dump nor a backup tells it (ADR 44)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.html import strip_tags

from core.kernel import encryption

PURPOSE = "records about clients"  # what their encryption is for


def seal(content: Mapping[str, Any]) -> str:
    """The content as it is kept."""
    return encryption.encrypt(json.dumps(content, ensure_ascii=False), purpose=PURPOSE)


def unseal(sealed: str) -> dict[str, Any] | None:
    """The content; None when it was changed at rest, or the key with which it was encrypted is not known any more."""
    try:
        return dict(json.loads(encryption.decrypt(sealed, purpose=PURPOSE)))
    except encryption.InvalidToken:
        return None


@dataclass(frozen=True, slots=True)
class NoteText:
    """The words of a note: a title, HTML of a few elements, and what was added after it was signed."""

    title: str = ""
    body: str = ""
    additions: tuple[dict[str, str], ...] = ()
    is_readable: bool = field(default=True, compare=False)

    @property
    def added(self) -> list[dict[str, Any]]:
        """What was added, with its moment."""
        return [{**one, "at": datetime.fromisoformat(one["at"])} for one in self.additions]

    @property
    def is_blank(self) -> bool:
        """Whether there is no word in it; what cannot be read is none the less there."""
        return self.is_readable and not self.title and not strip_tags(self.body).strip()

    def sealed(self) -> str:
        """As it is kept."""
        content: dict[str, Any] = {"title": self.title, "body": self.body}
        return seal({**content, "additions": list(self.additions)} if self.additions else content)

    @classmethod
    def read(cls, sealed: str) -> "NoteText":
        """What was kept; without words and not readable when it cannot be opened."""
        if not sealed:
            return cls()
        content = unseal(sealed)
        if content is None:
            return cls(is_readable=False)
        return cls(content["title"], content["body"], tuple(content.get("additions", ())))
