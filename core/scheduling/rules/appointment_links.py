"""Links to an appointment.

A mail or text message about an appointment has a link that works without signing in: for one person and one appointment, until it is over.
Whoever holds it can confirm, ask for another time or cancel until the start; from two hours before the start until the end they can say that
they are late. When the appointment was cancelled or completed, the link still shows what became of it, and nothing can be done by it.
docs/rules/appointment-links.md has a worked table.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

LATE_FROM = timedelta(hours=2)
LETTERS = 20  # 120 bits


class LinkAct(StrEnum):
    """What can be done by a link."""

    CONFIRM = "confirm"
    ASK = "ask"
    CANCEL = "cancel"
    LATE = "late"


BEFORE_START = frozenset({LinkAct.CONFIRM, LinkAct.ASK, LinkAct.CANCEL})


def acts_at(now: datetime, *, starts_at: datetime, ends_at: datetime, is_booked: bool) -> frozenset[LinkAct]:
    """What can be done by a link at `now`."""
    if not is_booked:
        return frozenset()
    found = BEFORE_START if now < starts_at else frozenset()
    return found | {LinkAct.LATE} if starts_at - LATE_FROM <= now < ends_at else found


def id_of(appointment_id: UUID, holder_id: UUID) -> UUID:
    """The id of the link of one person to one appointment: always the same, so that a mail that is written again has the same link."""
    return uuid5(appointment_id, str(holder_id))


def token_for(link_id: UUID, *, secret: str) -> str:
    """Return the token of the link, 20 letters that are safe in an address."""
    made = hmac.new(secret.encode(), b"appointment link:" + link_id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode()[:LETTERS]


def digest_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
