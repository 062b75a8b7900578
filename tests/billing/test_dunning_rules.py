"""When a payer is reminded, by the worked table."""

from datetime import date, datetime

import pytest

from billing.reminders.rules.dunning import Overdue, Schedule, level_by_hand, level_by_itself, next_day
from tests.rules_tables import rows

pytestmark = pytest.mark.unit

USUAL = Schedule((3, 10, 21))


def day(text: str) -> date:
    return datetime.strptime(f"{text.strip()} 2030", "%d %B %Y").date()  # noqa: DTZ007 because it is a day


def sent(text: str) -> dict[int, date]:
    if text == "–":
        return {}
    pairs = (part.split(" on ") for part in text.split(", "))
    return {int(level): day(on) for level, on in pairs}


@pytest.mark.parametrize("row", rows("dunning"))
def test_reminders_follow_the_worked_table(row):
    today, before, noted = day(row[0]), sent(row[1]), row[2]
    invoice = Overdue(
        due_on=date(2030, 5, 1),
        sent=before,
        is_stopped=noted == "do not remind",
        promised_until=day(noted.removeprefix("promised until ")) if noted.startswith("promised") else None,
        has_refund=noted == "money went back",
        is_disputed=noted == "disputed",
    )

    found = level_by_itself(invoice, USUAL, today), level_by_hand(invoice, USUAL, today)

    assert tuple(str(level or "–") for level in found) == row[3:5]


def test_level_without_a_day_is_left_out():
    schedule = Schedule((None, 5, None))

    assert next_day(Overdue(date(2030, 5, 1), {}), schedule) == date(2030, 5, 6)
    assert next_day(Overdue(date(2030, 5, 1), {2: date(2030, 5, 6)}), schedule) is None
    assert next_day(Overdue(date(2030, 5, 1), {}), Schedule((None, None, None))) is None
