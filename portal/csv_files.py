"""Tables as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take what follows for a formula


def csv_answer(head: Sequence[str], rows: Iterable[Sequence[str]], *, name: str) -> HttpResponse:
    """The table as a download `name`.csv. Cells that people typed go through `typed`."""
    written = io.StringIO()
    written.write("\ufeff")  # because spreadsheets take the file for another alphabet without it
    table = csv.writer(written)
    table.writerow(head)
    table.writerows(rows)
    answer = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def typed(text: str) -> str:
    """What somebody typed, so that no spreadsheet works it out."""
    return f"'{text}" if text.startswith(_RISKY) else text
