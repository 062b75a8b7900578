"""The organization's key is changed: a new one for everything that comes, then all that is there is sealed anew, file by file.

It may be broken off and gone on with at any time, because each file says by which key it is sealed. At the end the old keys are deleted.
"""

from collections.abc import Iterator

from django.db import transaction

from core.files import contents, keys
from core.files.audit_codes import FileAudit
from core.files.models import KEY, FileKey, Named, Rendition, StoredFile, Upload
from core.kernel import audit, encryption

_BATCH = 200


def change_key() -> FileKey:
    """A new key for everything that comes from now on."""
    with transaction.atomic():
        key = keys.next_key()
        audit.record(FileAudit.FILE_KEY_CHANGED, by=audit.SYSTEM, subject=key)
    return key


def seal_anew() -> int:
    """Seal with the key in force what is sealed with another one, and encrypt names and keys by today's secret. Returns how many files it was."""
    key, number = keys.key_in_force(), 0
    for kept in _sealed_otherwise(key):
        number += _moved(kept, key)
    for model in (StoredFile, Upload):
        _encrypt_names(model)
    _encrypt_keys()
    FileKey.objects.filter(is_current=False, files=None, renditions=None, uploads=None).delete()
    return number


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


def _encrypt_names(model: type[Named]) -> None:
    for row in model._default_manager.only("pk", "encrypted_name").iterator(chunk_size=_BATCH):
        before, name = row.encrypted_name, row.name
        row.set_name(name)
        model._default_manager.filter(pk=row.pk, encrypted_name=before).update(encrypted_name=row.encrypted_name)


def _encrypt_keys() -> None:
    for key in FileKey.objects.all():
        FileKey.objects.filter(pk=key.pk).update(encrypted=encryption.encrypt(key.secret.hex(), purpose=KEY))
