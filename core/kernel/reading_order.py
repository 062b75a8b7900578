"""The order in which people read names that no table keeps, such as those of countries: blind for accents and capitals, as the database sorts."""

import re
import unicodedata

from core.kernel.unseen import one_line

# Letters that no decomposition takes apart, in plain ones.
_PLAIN = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ς": "σ", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_AFTER_N = "n\u024f"  # ñ is a letter of its own
_NOTHING_TO_READ = "\ufffd"  # comes last


def reading_key(name: str) -> str:
    """What the name is sorted by; as `ext.sorted` of `search_keys` makes it."""
    small = unicodedata.normalize("NFC", one_line(name)).lower().replace("ñ", _AFTER_N)
    parts = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", small))
    letters = "".join(sign for sign in parts if unicodedata.category(sign) not in ("Mn", "Cf")).translate(_PLAIN)
    return " ".join(re.findall(r"\w+", letters)) or _NOTHING_TO_READ
