"""The organization's key is changed: a new one for everything that comes, then all that is there is sealed anew, file by file.

It may be broken off and gone on with at any time, because each file says by which key it is sealed. At the end keys that seal nothing are deleted.
With the files, every encrypted text of the organization follows SECRET_KEY.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from core.files import contents, keys
from core.files.audit_codes import FileAudit
from core.files.models import FileKey, Rendition, StoredFile
from core.files.sealing import Damaged
from core.kernel import audit, encrypted_columns, encryption

_BATCH = 200
_UNREADABLE = (Damaged, encryption.InvalidToken, OSError)


@dataclass(slots=True)
class Outcome:
    """How many files were sealed anew and texts encrypted anew; and which files could not be read, each with the reason."""

    files: int = 0
    texts: int = 0
    skipped: dict[str, str] = field(default_factory=dict)


def change_key() -> FileKey:
    """A new key for everything that comes from now on."""
    with transaction.atomic():
        key = keys.next_key()
        audit.record(FileAudit.FILE_KEY_CHANGED, by=audit.SYSTEM, subject=key)
    return key


def seal_anew() -> Outcome:
    """Seal with the key in force what is sealed with another one, and encrypt names, keys and all other texts by today's secret.

    What cannot be read is left as it is, and the rest is done. Error: `InvalidToken` when the key in force cannot be read; nothing is written.
    """
    key, outcome = keys.key_in_force(), Outcome()
    assert len(key.secret) == 32  # noqa: S101 because it is read before the first write
    for kept in _sealed_otherwise(key):
        try:
            outcome.files += _moved(kept, key)
        except _UNREADABLE as error:
            outcome.skipped[f"{kept._meta.label_lower} {kept.pk}"] = type(error).__name__
    outcome.texts = encrypted_columns.encrypt_anew()
    FileKey.objects.filter(is_current=False, files=None, renditions=None, uploads=None).delete()
    return outcome


def _sealed_otherwise(key: FileKey) -> Iterator[StoredFile | Rendition]:
    """A few at a time, because rows change while they are walked."""
    for model in (StoredFile, Rendition):
        rows = model.objects.exclude(key=key).exclude(stored_as="").select_related("key").order_by("pk")
        last = None
        while found := list((rows if last is None else rows.filter(pk__gt=last))[:_BATCH]):
            yield from found
            last = found[-1].pk
    StoredFile.objects.filter(stored_as="").exclude(key=key).update(key=key)  # nothing is left of these but the row


def _moved(kept: StoredFile | Rendition, key: FileKey) -> int:
    """Under another name, because the key of a file is derived from it. One when it was done, none when the file has gone meanwhile."""
    with contents.opened(kept) as content:
        stored = contents.store(content, key=key)
    changed = type(kept).objects.filter(pk=kept.pk, stored_as=kept.stored_as).update(stored_as=stored.name, key=key)
    contents.delete([kept.stored_as if changed else stored.name])
    return changed
