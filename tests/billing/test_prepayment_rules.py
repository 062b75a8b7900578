"""What is asked for, what is taken, and until when places wait, against the worked tables."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.prepayments.rules.prepaying import (
    Ask,
    Exceptional,
    Terms,
    asked_for,
    held_until,
    until_after_refusal,
    used_of,
)
from billing.rules.card_amounts import payable_in_steps
from core.kernel.money import Money
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


def money(words: str) -> Money | None:
    if words == "–":
        return None
    amount, currency = words.split()
    return Money.parse(amount, currency)


def terms(words: str) -> Terms:
    what, _, more = words.partition(", ")
    only = more == "first visits"
    if what.endswith("%"):
        return Terms(Ask.SHARE, share=int(what.split()[0]), is_for_first_visits=only)
    if what in ("nothing", "whole"):
        return Terms(Ask.FULL if what == "whole" else Ask.NOTHING, is_for_first_visits=only)
    return Terms(Ask.AMOUNT, money(what), is_for_first_visits=only)


def at(words: str) -> datetime:
    return datetime.strptime(f"2026-05-04 {words}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@pytest.mark.parametrize("row", rows("prepaying", "Price"))
def test_what_is_asked_for(row):
    price, rule, visit, client, asked = row
    exceptional = None if client == "–" else Exceptional(client)
    found = asked_for(money(price), terms(rule), is_first_visit=visit == "first", exceptional=exceptional)
    assert found == money(asked)


@pytest.mark.parametrize("row", rows("prepaying", "Paid"))
def test_what_is_taken(row):
    paid, charged, taken, back = (money(words) for words in row)
    assert used_of(paid, charged) == taken
    assert paid - taken == back


@pytest.mark.parametrize("row", rows("prepaying", "Asked at"))
def test_until_when_it_waits(row):
    asked, held, begins, until, refused, then = row
    found = held_until(at(asked), timedelta(minutes=int(held.split()[0])), at(begins))
    assert found == at(until)
    if refused != "–":
        found = until_after_refusal(found, at(refused), at(begins))
    assert found == at(then)


@given(st.integers(1, 10**9), st.sampled_from(["EUR", "JPY", "KWD"]), st.integers(1, 99), st.integers(0, 10**9))
def test_nothing_is_lost_and_nothing_is_asked_beyond_the_price(amount, currency, share, charged):
    price = Money(amount, currency)
    asked = asked_for(price, Terms(Ask.SHARE, share=share), is_first_visit=False)
    if asked is None:
        return
    assert 0 < asked.amount <= amount
    used = used_of(asked, Money(charged, currency))
    assert used + (asked - used) == asked
    assert used.amount <= charged


def test_three_decimals_are_rounded_up_to_what_cards_take():
    assert payable_in_steps(Money(6173, "KWD")) == Money(6180, "KWD")
    assert payable_in_steps(Money(4001, "JPY")) == Money(4001, "JPY")
