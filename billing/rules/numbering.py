"""The numbers of invoices.

An organization counts its invoices without gaps: a number is taken in the same transaction that issues the invoice, and an invoice that is
voided keeps its number. The number is the organization's prefix, then the year if it counts by year, then the count with at least four
digits: INV-2026-0007. Counting by year starts again at 1; the year is that of the day of issue where the organization is.
docs/rules/numbering.md has a worked table.
"""

import re

from core.kernel.errors import DomainError
from core.kernel.translation import translate

_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9/.-]{0,11}|")


def invoice_number(prefix: str, year: int, count: int, *, by_year: bool) -> str:
    """Return the number; `count` starts at 1."""
    parts = [prefix.rstrip("-")] if prefix else []
    parts += [str(year)] if by_year else []
    return "-".join([*parts, f"{count:04d}"])


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
