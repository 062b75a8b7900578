"""Whether an own domain is used for mail, as what was found says.

It is used for the first time when every record is right. From then on mail leaves without it as soon as the key or the return path is wrong, because
receivers then refuse it or call it forged; the neutral sender takes its place, under the organization's own name. An SPF record of the domain or a
DMARC record that has become wrong is told to the administrators, and the domain is used on: the key and the return path vouch for the mail without
them. What the DNS does not answer changes nothing for three days. When everything needed is right again, the domain is used again.
docs/rules/sender-state.md has a worked table.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

PATIENCE = timedelta(days=3)
ROTATE_AFTER = timedelta(days=180)
RETIRED_FOR = timedelta(days=7)  # so that mail on its way can still be verified


class Found(StrEnum):
    """What was found of one record."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class State(StrEnum):
    """Of an own domain."""

    SETTING_UP = "setting_up"
    VERIFIED = "verified"
    ATTENTION = "attention"
    BROKEN = "broken"


IN_USE = (State.VERIFIED, State.ATTENTION)
NEEDED = ("dkim", "return_path")
WANTED = (*NEEDED, "spf", "dmarc")


def state_after(before: State, found: Mapping[str, Found], *, unknown_for: timedelta) -> State:
    """`found`: of each of WANTED; `unknown_for`: since when the DNS has not answered for one of those needed."""
    values = {name: found.get(name, Found.UNKNOWN) for name in WANTED}
    is_new = before == State.SETTING_UP
    if is_new:
        return State.VERIFIED if set(values.values()) == {Found.RIGHT} else State.SETTING_UP
    if any(values[name] == Found.WRONG for name in NEEDED):
        return State.BROKEN
    if any(values[name] == Found.UNKNOWN for name in NEEDED):
        return State.BROKEN if unknown_for >= PATIENCE else before
    return State.ATTENTION if Found.WRONG in values.values() else State.VERIFIED


def may_rotate(*, next_key: Found) -> bool:
    """The key in waiting is used only when its record is right."""
    return next_key == Found.RIGHT


def is_due_for_rotation(active_since: datetime, *, now: datetime) -> bool:
    """Keys change by themselves after half a year, where the records let them."""
    return now - active_since >= ROTATE_AFTER
