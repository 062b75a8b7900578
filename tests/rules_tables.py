"""Reads the worked tables of docs/rules, so that prose, code and tests stay one."""

import re
from pathlib import Path

RULES = Path(__file__).resolve().parent.parent / "docs" / "rules"


def rows(page: str, first_column: str = "") -> list[tuple[str, ...]]:
    """The rows of a table in `docs/rules/<page>.md`, without its head and without code marks.

    A page with several tables is asked for the one whose `first_column` has that title. Error: LookupError, with the titles that there are.
    """
    found = tables(page)
    wanted = [table for table in found if first_column in ("", table[0][0])]
    if len(wanted) != 1:
        raise LookupError(f"{page}: {first_column or 'one table'} is not one of {[table[0][0] for table in found]}")
    return wanted[0][1:]


def tables(page: str) -> list[list[tuple[str, ...]]]:
    """Every table of the page, each with its head as the first row."""
    found: list[list[tuple[str, ...]]] = []
    inside = False
    for line in (RULES / f"{page}.md").read_text().splitlines():
        if line.startswith("|") and not inside:
            found.append([])
        inside = line.startswith("|")
        if inside and set(line) - set("|-: "):
            found[-1].append(_cells(line))
    return found


def _cells(line: str) -> tuple[str, ...]:
    parts = re.split(r"(?<!\\)\|", line.strip())[1:-1]
    return tuple(part.strip(" `").replace("\\|", "|") for part in parts)
