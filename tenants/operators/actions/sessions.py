"""Operators' sessions: a random token in the cookie, its digest in the database, a new token at every step of the sign-in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from tenants.operators.models import Operator, OperatorSession

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
BETWEEN_STEPS = timedelta(minutes=10)
_SEEN_EVERY = timedelta(minutes=1)
Stage = OperatorSession.Stage


def start(operator: Operator, *, stage: str, address: str | None, now: datetime) -> str:
    """Begin a session and return the token for the cookie."""
    token = secrets.token_urlsafe(32)
    OperatorSession.objects.create(
        operator=operator, digest=digest(token), stage=stage, created_at=now, last_seen_at=now, address=address
    )
    return token


def find(token: str, *, stage: str, now: datetime) -> OperatorSession | None:
    """Return the living session of a token at this stage of the sign-in, or None; a session seen is young again."""
    if not token:
        return None
    session = (
        OperatorSession.objects.select_related("operator")
        .filter(digest=digest(token), stage=stage, operator__is_active=True)
        .first()
    )
    if session is None or not is_alive(session, now):
        return None
    if now - session.last_seen_at > _SEEN_EVERY:
        session.last_seen_at = now
        session.save(update_fields=["last_seen_at"])
    return session


def is_alive(session: OperatorSession, now: datetime) -> bool:
    if session.stage == Stage.PASSWORD:
        return now - session.created_at < BETWEEN_STEPS
    return now - session.last_seen_at < IDLE and now - session.created_at < LONGEST


def end(token: str) -> None:
    OperatorSession.objects.filter(digest=digest(token)).delete()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
