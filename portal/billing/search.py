"""Searching the lists of this app: a row is found when every word that was typed occurs in one of its fields, in any order."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Q

MOST_WORDS = 10  # more would only cost time


def in_any(word: str, *fields: str) -> Q:
    """Rows in which one of the fields holds the word, in capitals or not."""
    return reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields))


def every_word(query: str, where: Callable[[str], Q]) -> Q:
    """Rows for which `where` holds with every word of the query ("Marten, Cleo" is two); all rows for an empty one."""
    wanted = Q()
    for word in query.replace(",", " ").split()[:MOST_WORDS]:
        wanted &= where(word)
    return wanted
