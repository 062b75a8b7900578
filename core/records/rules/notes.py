"""What may still be done with a note, by somebody who may read it.

A note grows until its author signs it; colleagues who may read it may write in it as well. A signature locks the text for good: what is to be
said later is added below it, with its own date. Whoever has not signed yet may sign besides, once it is locked. A note without a word can be
neither signed nor shared. Where the author no longer keeps records here, somebody else may sign for good. A note is removed by its author only,
and only while it is neither signed nor shared; one in which nobody has ever written a word, by anybody.
docs/rules/notes.md has a worked table.
"""

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What can be done with a note."""

    WRITE = "write"
    SIGN = "sign"
    COSIGN = "cosign"
    AMEND = "amend"
    SHARE = "share"
    WITHDRAW = "withdraw"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What decides: the state of the note, and what the reader is to it."""

    is_blank: bool = False
    had_words: bool = False  # it is empty now, and something stood there before
    is_signed: bool = False
    is_shared: bool = False
    is_author: bool = False
    has_signed: bool = False
    author_keeps_records: bool = True


def open_acts(facts: NoteFacts) -> frozenset[Act]:
    """Everything that this reader may do with the note now."""
    acts: set[Act] = set()
    if facts.is_shared:
        acts.add(Act.WITHDRAW)
    if not facts.is_blank:
        acts.add(Act.SHARE)
    if facts.is_signed:
        acts.add(Act.AMEND)
        if not facts.has_signed:
            acts.add(Act.COSIGN)
        return frozenset(acts)
    acts.add(Act.WRITE)
    if not facts.is_blank and (facts.is_author or not facts.author_keeps_records):
        acts.add(Act.SIGN)
    if not facts.is_shared and (facts.is_author or (facts.is_blank and not facts.had_words)):
        acts.add(Act.REMOVE)
    return frozenset(acts)
