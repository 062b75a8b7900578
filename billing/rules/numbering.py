"""The numbers of invoices.

An organization counts its invoices without gaps: a number is taken in the same transaction that issues the invoice, and an invoice that is
voided keeps its number. The number is the organization's prefix, then the year if it counts by year, then the count with at least four
digits: INV-2026-0007. Counting by year starts again at 1; the year is that of the day of issue where the organization is. Two patterns may
read alike (CAD by year, CAD-2026 not by year): a number is given once, and a pattern that was used before goes on behind its highest number.
docs/rules/numbering.md has a worked table.
"""

import re

from core.kernel.errors import DomainError
from core.kernel.translation import translate

_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9/.-]{0,11}|")


def invoice_number(prefix: str, year: int, count: int, *, by_year: bool) -> str:
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


def sequence_of(year: int, *, by_year: bool) -> str:
    """Which count a number is taken from: one per year, or one for all."""
    return f"invoice:{year}" if by_year else "invoice"


def checked_prefix(prefix: str) -> str:
    """Return the prefix in upper case. Error: `prefix_invalid`."""
    prefix = prefix.strip().upper()
    if not _PREFIX.fullmatch(prefix):
        raise DomainError(
            "prefix_invalid",
            translate(
                "A prefix has up to 12 letters, digits, points, slashes or dashes, and starts with a letter or digit."
            ),
            field="number_prefix",
        )
    return prefix
