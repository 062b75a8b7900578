"""Numbers of bank accounts: written with or without blanks, checked by country and check digits, shown in part.

An IBAN begins with its country and two check digits; every country has its own length, and many have check digits of their own inside. Blanks, points
and hyphens between are left out, small letters count as capitals. People read the country and the last four characters of it, unless they
type it themselves. A file for a bank (SEPA) takes accounts of the single euro payments area, and euros only. Names in it are written in the
letters that banks read.
docs/rules/iban.md has a worked table.
"""

import re

from stdnum import iban as numbers
from stdnum.exceptions import ValidationError
from text_unidecode import unidecode

_COUNTRIES = "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA"
SEPA = frozenset(_COUNTRIES.split())
_UNREAD = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")
_BETWEEN = re.compile(r"[\s.\-\u200b\u00a0]+")


def compacted(text: str) -> str:
    """As a bank reads it."""
    return _BETWEEN.sub("", text).upper()


def is_iban(text: str) -> bool:
    """Whether it can be the number of an account."""
    number = compacted(text)
    if not number.isascii():
        return False
    try:
        numbers.validate(number)
    except ValidationError:
        return False
    return True


def is_in_sepa(text: str) -> bool:
    """Whether a SEPA credit transfer reaches it."""
    return compacted(text)[:2] in SEPA


def masked(text: str) -> str:
    """What people recognise it by: “DE•• •••• 3000”."""
    number = compacted(text)
    return f"{number[:2]}•• •••• {number[-4:]}"


def bank_text(text: str, most: int) -> str:
    """The text in the letters that banks read, so many at most; empty where it has none of them."""
    latin = unidecode(text)
    return " ".join(_UNREAD.sub(" ", latin).split())[:most].strip()
