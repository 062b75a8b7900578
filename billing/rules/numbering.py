"""The numbers of invoices and of credit notes.

An organization counts its invoices without gaps: a number is taken in the same transaction that issues the invoice, and an invoice that is
voided keeps its number. The number is the organization's prefix, then the year if it counts by year, then the count with at least four
digits: INV-2026-0007. Counting by year starts again at 1; the year is that of the day of issue where the organization is. Two patterns may
read alike (CAD by year, CAD-2026 not by year): a number is given once, and a pattern that was used before goes on behind its highest number.
Credit notes are counted by themselves in the same way, behind a prefix that is not that of invoices: CN-2026-0003.
docs/rules/numbering.md has a worked table.
"""

import re
from enum import StrEnum

from core.kernel.errors import DomainError
from core.kernel.translation import translate

_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9/.-]{0,11}|")


class Counted(StrEnum):
    """What has numbers of its own."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


def number_of(prefix: str, year: int, count: int, *, by_year: bool) -> str:
    """Return the number; `count` starts at 1."""
    return f"{stem(prefix, year, by_year=by_year)}{count:04d}"


def stem(prefix: str, year: int, *, by_year: bool) -> str:
    """What stands before the count: all numbers of one pattern have it in common."""
    parts = [prefix.rstrip("-")] if prefix else []
    parts += [str(year)] if by_year else []
    return "".join(f"{part}-" for part in parts)


def count_of(number: str, stem: str) -> int:
    """The count in a number of this pattern; 0 for a number of another one."""
    count = number.removeprefix(stem)
    return int(count) if number.startswith(stem) and re.fullmatch("[0-9]{4,9}", count) else 0


def sequence_of(counted: Counted, year: int, *, by_year: bool) -> str:
    """Which count a number is taken from: one per year, or one for all."""
    return f"{counted}:{year}" if by_year else str(counted)


def checked_prefix(prefix: str, *, field: str = "number_prefix") -> str:
    """Return the prefix in upper case. Error: `prefix_invalid`."""
    prefix = prefix.strip().upper()
    if not _PREFIX.fullmatch(prefix):
        raise DomainError(
            "prefix_invalid",
            translate(
                "A prefix has up to 12 letters, digits, points, slashes or dashes, and starts with a letter or digit."
            ),
            field=field,
        )
    return prefix


def check_differ(invoices: str, credit_notes: str) -> None:
    """Refuse one prefix for both: their numbers would read alike. Error: `prefix_same`."""
    if invoices.rstrip("-") == credit_notes.rstrip("-"):
        raise DomainError(
            "prefix_same",
            translate("Credit notes need another prefix than %(invoices)s: else two papers would have one number."),
            field="credit_note_prefix",
        )
