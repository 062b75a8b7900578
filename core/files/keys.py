"""The organization's key in force: made when the first file comes."""

import secrets

from django.db import transaction

from core.files.models import KEY, FileKey
from core.kernel import clock, encryption, turns

_TURN = "files.key"  # taken only while there is no key, or a new one comes


def key_in_force() -> FileKey:
    """The key with which everything new is encrypted."""
    return FileKey.objects.filter(is_current=True).first() or _first_key()


@transaction.atomic
def next_key() -> FileKey:
    """Retire the key in force, and put a new one in its place."""
    turns.hold_until_commit(_TURN)
    FileKey.objects.filter(is_current=True).update(is_current=False)
    return _made()


@transaction.atomic
def _first_key() -> FileKey:
    turns.hold_until_commit(_TURN)
    return FileKey.objects.filter(is_current=True).first() or _made()


def _made() -> FileKey:
    encrypted = encryption.encrypt(secrets.token_bytes(32).hex(), purpose=KEY)
    return FileKey.objects.create(encrypted=encrypted, created_at=clock.now())
