"""Parts of an amount are exact, however they divide."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.money import Money

pytestmark = pytest.mark.unit


@given(st.integers(-(10**15), 10**15), st.integers(0, 1440), st.integers(1, 120))
def test_fraction_rounds_half_up_away_from_zero(amount, part, whole):
    exact = Fraction(abs(amount) * part, whole)
    wanted = floor(exact + Fraction(1, 2))
    assert abs(Money(amount, "EUR").fraction(part, whole).amount) == wanted


@pytest.mark.parametrize(
    ("amount", "minutes", "rounded"), [(165, 2, 6), (-165, 2, -6), (1515, 2, 51), (6000, 50, 5000), (1, 0, 0)]
)
def test_half_a_minor_unit_counts_as_a_whole_one(amount, minutes, rounded):
    assert Money(amount, "EUR").fraction(minutes, 60) == Money(rounded, "EUR")
