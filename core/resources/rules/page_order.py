"""Which pages a PDF is to have, and in which order, as somebody writes it: `3, 1, 2`, or `1-4, 8` for the first four and the eighth.

Each page stands there once at most; what is left out is removed. At least one stays. A range may run backwards.
docs/rules/page-order.md has the table.
"""

import re

_PART = re.compile(r"(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?\Z")  # noqa: RUF001 because people type a dash, too


class BadOrder(Exception):
    """`code` says why: `unreadable`, `no_such_page`, `page_twice`, `no_pages`; `page` which one."""

    def __init__(self, code: str, page: int = 0) -> None:
        super().__init__(code)
        self.code, self.page = code, page


def page_order(text: str, pages: int) -> list[int]:
    """The pages, from 1 on. Raises BadOrder."""
    order: list[int] = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;]", text))):
        found = _PART.match(part)
        if found is None:
            raise BadOrder("unreadable")
        first, last = int(found[1]), int(found[2] or found[1])
        for number in (first, last):
            if not 1 <= number <= pages:
                raise BadOrder("no_such_page", number)
        order += range(first, last + 1) if first <= last else range(first, last - 1, -1)
        if len(order) > pages:
            break
    if not order:
        raise BadOrder("no_pages")
    for place, number in enumerate(order):
        if number in order[:place]:
            raise BadOrder("page_twice", number)
    return order


def written(order: list[int]) -> str:
    """As somebody would write it."""
    parts: list[str] = []
    start = 0
    for place in range(1, len(order) + 1):
        if place == len(order) or order[place] != order[place - 1] + 1:
            run = order[start:place]
            parts.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
            start = place
    return ", ".join(parts)
