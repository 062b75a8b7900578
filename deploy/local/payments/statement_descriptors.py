"""What a card statement says: https://docs.stripe.com/get-started/account/statement-descriptors.

Five to twenty-two Latin characters with at least one letter, without the characters that banks cut off. A payment's
suffix follows the account's prefix; together they keep the same bounds.
"""

import re

from deploy.local.payments.errors import ApiError
from deploy.local.payments.ledger import Object

SHORTEST, LONGEST = 5, 22
FORBIDDEN = re.compile(r"[<>\\'\"*]")
PRINTABLE = re.compile(r"[\x20-\x7e]*")


def checked_descriptor(text: str | None, param: str, shortest: int = SHORTEST) -> str | None:
    """The descriptor itself, once it is seen to be one that a bank prints."""
    if text is None:
        return None
    if not shortest <= len(text) <= LONGEST:
        raise ApiError(
            f"The statement descriptor must be between {shortest} and {LONGEST} characters long.",
            code="parameter_invalid_string_length",
            param=param,
        )
    if FORBIDDEN.search(text) or not PRINTABLE.fullmatch(text):
        message = "The statement descriptor must contain only Latin characters, and none of < > \\ ' \" *"
        raise ApiError(message, param=param)
    if not re.search(r"[A-Za-z]", text):
        raise ApiError("The statement descriptor must contain at least one letter.", param=param)
    return text


def refuse_descriptor(text: str | None) -> None:
    """Cards take a suffix only."""
    if text is not None:
        message = "For card charges, use `statement_descriptor_suffix` instead of `statement_descriptor`."
        raise ApiError(message, param="statement_descriptor")


def printed_descriptor(account: Object | None, suffix: str | None) -> str | None:
    """The whole line on the statement, cut at 22 characters; the suffix alone where the account has no prefix."""
    settings = (account or {}).get("settings", {})
    prefix = settings.get("card_payments", {}).get("statement_descriptor_prefix")
    whole: str | None = settings.get("payments", {}).get("statement_descriptor")
    if suffix is None:
        return whole
    checked_descriptor(suffix, "statement_descriptor_suffix", 1 if prefix else SHORTEST)
    return (f"{prefix}* {suffix}" if prefix else suffix)[:LONGEST]
