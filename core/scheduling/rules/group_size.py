"""How many clients one appointment takes.

Up to ten is what works well in a live session. From 11 on the form warns and says that a webinar tool serves presentations better, from 26
on it asks for a confirmation. How many are allowed at all depends on the organization's plan, and 101 are always refused. A plan that says
nothing of groups has those of up to ten.
docs/rules/group-size.md has a worked table.
"""

from dataclasses import dataclass
from typing import Literal

from core.kernel.translation import translate

ADVISED, CONFIRM_FROM, MOST = 10, 26, 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a group of this size needs, and the sentence for the form."""

    answer: Literal["fine", "warn", "confirm", "refuse"]
    sentence: str = ""


def most_on_plan(limit: int | None) -> int:
    """How many people the plan's `limit` comes to: None is no limit of its own, 0 a plan that says nothing of groups."""
    if limit is None:
        return MOST
    return min(limit, MOST) or ADVISED


def verdict(size: int, *, most: int = MOST) -> Verdict:
    """Judge a group of `size` clients where `most` are allowed."""
    if size < 1:
        return Verdict("refuse", translate("Choose at least one person."))
    if size > MOST:
        return Verdict(
            "refuse",
            translate(
                "%(group:A|An)s %(group)s has at most %(most)s people; you chose %(size)s.", most=MOST, size=size
            ),
        )
    if size > most:
        return Verdict("refuse", _beyond_plan(size, most))
    if size >= CONFIRM_FROM:
        return Verdict(
            "confirm", translate("%(size)s people is a very large %(group)s. Confirm that you want it.", size=size)
        )
    if size > ADVISED:
        return Verdict("warn", _many(size))
    return Verdict("fine")


def _beyond_plan(size: int, most: int) -> str:
    return translate(
        "Your plan has %(groups)s of up to %(most)s people; you chose %(size)s. Book it as two %(groups)s, or ask your "
        "administrators for a larger plan.",
        most=most,
        size=size,
    )


def _many(size: int) -> str:
    return translate(
        "Up to %(most)s people is what works well; you chose %(size)s. For a presentation, a webinar tool serves better.",
        most=ADVISED,
        size=size,
    )
