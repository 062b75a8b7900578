"""Invitations: a link in a mail by which a person sets a password.

A link works once, for 72 hours. A newer link replaces an older one, and an administrator can withdraw it. The database keeps only a digest of
the token: the token is made from the invitation's id with the installation's secret, so that the mail can be written again but a stolen
table opens no door.
docs/rules/invitations.md has a worked table.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LIFETIME = timedelta(hours=72)
PAUSE_BETWEEN_REQUESTS = timedelta(minutes=2)


class InvitationState(StrEnum):
    """What a link is worth at a moment."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def state_at(
    now: datetime, *, expires_at: datetime, accepted_at: datetime | None, withdrawn_at: datetime | None
) -> InvitationState:
    """Return what the link is worth at `now`; exactly 72 hours after it was made it is too late."""
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.OPEN if now < expires_at else InvitationState.EXPIRED


def token_for(invitation_id: UUID, *, secret: str) -> str:
    """Return the token of the link, 43 letters that are safe in an address."""
    made = hmac.new(secret.encode(), b"invitation:" + invitation_id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def digest_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
