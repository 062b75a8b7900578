"""Calendar addresses.

Each login can have one private address at which calendar programs read what stands on its calendar page: from 90 days back to a year ahead, of
a series all that goes on. What was cancelled does not stand there. The address is a secret of 28 letters; it ends when its owner ends it or
takes a new one, and when the login is switched off. A program may read it 60 times an hour.
docs/rules/feeds.md has a worked table.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

BACK, AHEAD = timedelta(days=90), timedelta(days=365)
LETTERS = 28
READS, READS_WITHIN = 60, timedelta(hours=1)
REFRESH = timedelta(hours=1)  # how often programs are asked to look


def shown_between(now: datetime) -> tuple[datetime, datetime]:
    """From when, and until when, appointments stand in the file."""
    return now - BACK, now + AHEAD


def token_for(feed_id: UUID, *, secret: str) -> str:
    """Return the secret of the address, 28 letters that are safe in one."""
    made = hmac.new(secret.encode(), b"calendar feed:" + feed_id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode()[:LETTERS]


def digest_of(token: str) -> str:
    """Return what is stored of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(feed_id: UUID, digest: str, *, secrets: Sequence[str]) -> str:
    """Return the secret whose digest is stored; empty when it was made with a key that is not known any more."""
    made = (token_for(feed_id, secret=secret) for secret in secrets)
    return next((token for token in made if hmac.compare_digest(digest_of(token), digest)), "")
