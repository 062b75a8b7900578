"""Limits count in the database, at once, and give back what was right."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from core.kernel import limits
from core.kernel.limits import Limit, TooOften
from core.kernel.models import LimitCount
from tenants.context import organization_context
from tests.database import organization

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
THREE = Limit("three", 3, timedelta(minutes=5))


def again(limit=THREE, key="a", at=NOW):
    return limits.count([(limit, key)], now=at)


def test_limit_allows_so_many_and_says_how_long_to_wait(north):
    for _ in range(3):
        again()
    with pytest.raises(TooOften) as refused:
        again(at=NOW + timedelta(minutes=2))

    assert refused.value.seconds == 180
    assert refused.value.message == "There were too many attempts. Try again in 3 minutes."
    assert again(key="b")
    assert again(Limit("other", 3, timedelta(minutes=5)))


def test_limit_counts_anew_when_its_time_is_over(north):
    for _ in range(3):
        again()
    for _ in range(3):
        again(at=NOW + timedelta(minutes=5))
    with pytest.raises(TooOften):
        again(at=NOW + timedelta(minutes=6))


def test_what_is_given_back_does_not_count_and_never_more_than_was_counted(north):
    for _ in range(10):
        limits.give_back(again(), now=NOW)
    limits.give_back(["three:none", "", *again()], now=NOW)
    for _ in range(3):
        again()
    with pytest.raises(TooOften):
        again()


def test_refused_by_one_limit_counts_against_none(north):
    one = Limit("one", 1, timedelta(minutes=1))
    again(one)
    for _ in range(5):
        with pytest.raises(TooOften):
            limits.count([(THREE, "a"), (one, "a")], now=NOW)
    for _ in range(3):
        again()


def test_limits_of_one_organization_are_not_anothers(north, south):
    for _ in range(3):
        again()
    with organization_context(south):
        assert again()


def test_no_key_is_kept_in_clear_and_expired_rows_go(north):
    again(key="gus@north.test")
    again(key="x" * 10_000 + "\0\ud800".encode(errors="replace").decode())
    assert "gus" not in str(list(LimitCount.objects.values()))

    limits.forget_expired(now=NOW + timedelta(minutes=4))
    assert LimitCount.objects.count() == 2
    limits.forget_expired(now=NOW + timedelta(minutes=5))
    assert not LimitCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_counted():
    """Forty threads, each with a connection of its own: exactly ten pass."""
    ten = Limit("race", 10, timedelta(minutes=5))

    def attempt(_):
        try:
            with organization_context(organization("north")):
                again(ten)
            return True
        except TooOften:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(attempt, range(40)))
    with organization_context(organization("north")):
        LimitCount.objects.all().delete()
    assert passed == 10
