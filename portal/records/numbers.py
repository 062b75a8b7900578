"""Numbers of goals and scores as people read them."""

from decimal import Decimal

from django.utils.formats import number_format


def normalized(number: Decimal) -> str:
    """Without noughts that say nothing, as the reader's language writes numbers."""
    return number_format(f"{number.normalize():f}")
