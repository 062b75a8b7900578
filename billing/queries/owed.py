"""Who owes what, a page at a time, with how many they are and what they owe together: added up in one walk through the ledger."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet

from billing.queries.invoices import unsettled
from core.kernel.money import Money
from core.people.models import Client

# All come first, by currency; the rows of the page after them.
_WALK = """
WITH owed AS MATERIALIZED ({owed})
SELECT NULL::uuid, currency, SUM(sum), COUNT(*) FROM owed GROUP BY currency
UNION ALL
(SELECT client_id, currency, sum, NULL FROM owed ORDER BY sum DESC, client_id, currency LIMIT %s OFFSET %s)
"""


class _Counted(Paginator[Any]):
    """Pages of as many rows as were counted."""

    def __init__(self, count: int, per_page: int) -> None:
        super().__init__((), per_page)
        self.known = count

    @property
    def count(self) -> int:  # type: ignore[override]  # because Django's asks the list for it
        return self.known


def page_of_unsettled(clients: "QuerySet[Client]", asked: str | None, per_page: int) -> tuple[Page[Any], list[Money]]:
    """A page of `unsettled`, and what all of them owe together, by currency. A page that there is not is the last one."""
    wanted = int(asked) if asked is not None and asked.isdecimal() and len(asked) < 10 else 1
    totals, rows = _walked(clients, max(wanted, 1), per_page)
    page = _Counted(sum(total["count"] for total in totals), per_page).get_page(asked)
    if page.number != max(wanted, 1):
        totals, rows = _walked(clients, page.number, per_page)
    page.object_list = rows
    sums = sorted((total["currency"], int(total["sum"])) for total in totals)
    return page, [Money(amount, currency) for currency, amount in sums if amount]


def _walked(
    clients: "QuerySet[Client]", number: int, per_page: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All by currency, and the rows of the page with this number."""
    try:
        sql, values = unsettled(clients).order_by().query.sql_with_params()
    except EmptyResultSet:  # because nobody is found
        return [], []
    with connection.cursor() as cursor:
        cursor.execute(_WALK.format(owed=sql), [*values, per_page, (number - 1) * per_page])
        found = [dict(zip(("client_id", "currency", "sum", "count"), row, strict=True)) for row in cursor.fetchall()]
    return [row for row in found if row["client_id"] is None], [row for row in found if row["client_id"] is not None]
