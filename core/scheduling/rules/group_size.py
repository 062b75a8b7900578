"""How many clients one appointment takes.

Up to ten is what works well. From 11 on the form warns, from 26 on it asks for a confirmation, and 101 are refused.
"""

from dataclasses import dataclass
from typing import Literal

from core.kernel.wording import say

ADVISED, CONFIRM_FROM, MOST = 10, 26, 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a group of this size needs, and the sentence for the form."""

    answer: Literal["fine", "warn", "confirm", "refuse"]
    sentence: str = ""


def verdict(size: int) -> Verdict:
    """Judge a group of `size` clients."""
    if size < 1:
        return Verdict("refuse", say("Choose at least one person for the appointment."))
    if size > MOST:
        return Verdict(
            "refuse", say("At most %(most)s people fit into one appointment; you chose %(size)s.", most=MOST, size=size)
        )
    if size >= CONFIRM_FROM:
        return Verdict("confirm", say("%(size)s people is a very large group. Confirm that you want it.", size=size))
    if size > ADVISED:
        return Verdict(
            "warn", say("Up to %(most)s people is what works well; you chose %(size)s.", most=ADVISED, size=size)
        )
    return Verdict("fine")
