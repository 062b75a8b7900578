"""What can be done with a request, by whom, and how long it waits.

A request is open while it waits for an answer or while other times are proposed. Whoever asked can withdraw it as long as it is open, and, while
times are proposed, accept one of them or let none of them suit: then it waits for an answer again. Whoever answers can accept one of the times
that were asked for, propose others or decline, in both states. A request expires with the last time that was asked for or is proposed, of those
that lie ahead; one that has none expires thirty days after the last word about it. A request to move an appointment holds its own time until it is
accepted; it ends by itself when that appointment is moved, cancelled or completed otherwise, and expires at its start at the latest.
docs/rules/booking-requests.md has a worked table.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

WORDS_WAIT = timedelta(days=30)  # of a request of which no time lies ahead: it says in words when it would suit
MOST_TIMES = 5


class Act(StrEnum):
    """What can be done with a request."""

    ACCEPT = "accept"  # one of the times that were asked for
    PROPOSE = "propose"
    DECLINE = "decline"
    ACCEPT_PROPOSED = "accept_proposed"
    KEEP = "keep"  # none of the proposed times suits
    WITHDRAW = "withdraw"


OF_ANSWERER = frozenset({Act.ACCEPT, Act.PROPOSE, Act.DECLINE})
OF_ASKER = {
    "asked": frozenset({Act.WITHDRAW}),
    "proposed": frozenset({Act.ACCEPT_PROPOSED, Act.KEEP, Act.WITHDRAW}),
}


def open_acts(state: str, *, asks: bool, answers: bool) -> frozenset[Act]:
    """What somebody on these sides can do now; nothing once it is settled."""
    if state not in OF_ASKER:
        return frozenset()
    return (OF_ASKER[state] if asks else frozenset()) | (OF_ANSWERER if answers else frozenset())


def expires_at(starts: Iterable[datetime], *, said_at: datetime, moves_from: datetime | None = None) -> datetime:
    """When a request has run out. `starts`: of all times that were asked for or are proposed; `moves_from`: the start of what is to be moved."""
    found = max((start for start in starts if start > said_at), default=said_at + WORDS_WAIT)
    return min(found, moves_from) if moves_from is not None else found
