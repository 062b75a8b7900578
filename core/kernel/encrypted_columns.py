"""Which columns of an organization's tables hold encrypted texts, so that all of them can follow a new SECRET_KEY.

Each model module names its own. What cannot be read with the secrets that are known is never written over: it may be read again as soon as an older
secret stands in SECRET_KEY_FALLBACKS.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from core.kernel import encryption

_BATCH = 200


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """One column, and what its encryption is for."""

    model: type[models.Model]
    field: str
    purpose: str

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"


_columns: dict[str, EncryptedColumn] = {}


def register(model: type[models.Model], field: str, *, purpose: str) -> None:
    """At start-up."""
    column = EncryptedColumn(model, field, purpose)
    _columns[column.label] = column


def registered() -> list[EncryptedColumn]:
    """Every column of every app."""
    return list(_columns.values())


def unreadable() -> dict[str, int]:
    """In which columns there are texts that no known secret opens, and how many. Nothing is written."""
    found = {
        column.label: sum(1 for pk, text in _texts(column) if _anew(text, column) is None) for column in registered()
    }
    return {label: number for label, number in found.items() if number}


def encrypt_anew() -> int:
    """Encrypt with SECRET_KEY what is encrypted with an older one; what cannot be read stays as it is. Returns how many texts it was."""
    number = 0
    for column in registered():
        for pk, text in _texts(column):
            fresh = _anew(text, column)
            if fresh not in (None, text):
                # Only where it still says the same, because somebody may write meanwhile.
                same = column.model._base_manager.filter(**{"pk": pk, column.field: text})
                number += same.update(**{column.field: fresh})
    return number


def _anew(text: str, column: EncryptedColumn) -> str | None:
    try:
        return encryption.encrypt_anew(text, purpose=column.purpose)
    except encryption.InvalidToken:
        return None


def _texts(column: EncryptedColumn) -> Iterator[tuple[object, str]]:
    """A few at a time by their keys, because rows change while they are walked."""
    rows = column.model._base_manager.exclude(**{column.field: ""}).order_by("pk").values_list("pk", column.field)
    last = None
    while found := list((rows if last is None else rows.filter(pk__gt=last))[:_BATCH]):
        yield from found
        last = found[-1][0]
