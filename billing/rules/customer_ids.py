"""Ids of customers at the payment service: `cus_` and at least eight letters or digits, as they are copied from there.

White space around it is left out. Whatever else is in it makes it none: nothing is guessed, and the payment service is not asked about it.
docs/rules/customer-ids.md has a worked table.
"""

import re

_SHAPE = re.compile(r"cus_[A-Za-z0-9]{8,100}")


def customer_id(typed: str) -> str | None:
    """Return the id that was typed; None when it cannot be one."""
    text = typed.strip()
    return text if _SHAPE.fullmatch(text) else None
