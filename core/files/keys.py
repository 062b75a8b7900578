"""The organization's key in force: made when the first file comes."""

import secrets

from django.db import connection, transaction

from core.files.models import KEY, FileKey
from core.kernel import clock, encryption

_LOCK = 0x66696C65  # within one schema's transactions; taken only while there is no key, or a new one comes


def key_in_force() -> FileKey:
    """The key with which everything new is encrypted."""
    return FileKey.objects.filter(is_current=True).first() or _first_key()


@transaction.atomic
def next_key() -> FileKey:
    """Retire the key in force, and put a new one in its place."""
    _one_at_a_time()
    FileKey.objects.filter(is_current=True).update(is_current=False)
    return _made()


@transaction.atomic
def _first_key() -> FileKey:
    _one_at_a_time()
    return FileKey.objects.filter(is_current=True).first() or _made()


def _made() -> FileKey:
    encrypted = encryption.encrypt(secrets.token_bytes(32).hex(), purpose=KEY)
    return FileKey.objects.create(encrypted=encrypted, created_at=clock.now())


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), %s)", [_LOCK])
