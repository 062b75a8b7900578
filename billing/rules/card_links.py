"""Set-up links: a link in a mail by which a payer saves a card without signing in.

A link works for seven days, for one payer and one client, and saves one card. Looking at it changes nothing: it counts as opened once the
payer has agreed to how the card will be used. A newer link replaces an older one, and whoever bills can revoke it. What was agreed to before
the seven days were over can be finished within a day after them.
docs/rules/card-links.md has a worked table.
"""

from datetime import datetime, timedelta
from enum import StrEnum

LIFETIME = timedelta(days=7)
FINISHING = timedelta(days=1)  # for whoever agreed just before the end


class CardLinkState(StrEnum):
    """How far a link has come at a moment."""

    SENT = "sent"
    OPENED = "opened"
    SAVED = "saved"
    REVOKED = "revoked"
    EXPIRED = "expired"


USABLE = (CardLinkState.SENT, CardLinkState.OPENED)


def state_at(
    now: datetime,
    *,
    expires_at: datetime,
    opened_at: datetime | None,
    saved_at: datetime | None,
    revoked_at: datetime | None,
) -> CardLinkState:
    """Return how far the link has come at `now`."""
    if saved_at is not None:
        return CardLinkState.SAVED
    if revoked_at is not None:
        return CardLinkState.REVOKED
    if opened_at is not None and now < expires_at + FINISHING:
        return CardLinkState.OPENED
    if now >= expires_at:
        return CardLinkState.EXPIRED
    return CardLinkState.SENT
