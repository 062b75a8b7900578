"""Files of clients: added from both sides, shared, removed, and read."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.files.actions import keep_file, remove_file
from core.kernel import audit, turns
from core.kernel.errors import ConflictError, NotFound
from core.kernel.translation import translate
from core.people.models import Client
from core.records import notifications
from core.records.actions import by_hand
from core.records.audit_codes import RecordsAudit
from core.records.models import ClientFile
from core.records.permissions import CLIENT_FILE, can_bring_files, can_keep_records, can_remove_file
from core.records.signals import client_file_changed, client_file_left

SITTING = timedelta(minutes=30)  # within which parts of a file are one reading


@transaction.atomic
def add_client_file(client: Client, *, given: Any, by: Any, now: datetime) -> ClientFile:
    """Add a file to the record: by whoever keeps it, and then shared with nobody; or by a login of the client, who goes on seeing it.

    Errors: those of `core.files.actions.keep_file`, at the field `files`.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)  # nobody deletes them meanwhile
    keeps = can_keep_records(by, client)
    if not keeps and not can_bring_files(by, client):
        raise PermissionDenied("not allowed to add files to this record")
    file = keep_file(given=given, purpose=CLIENT_FILE, by=by, now=now)
    row = ClientFile.objects.create(client=client, file=file, is_from_client=not keeps, added_at=now)
    audit.record(RecordsAudit.CLIENT_FILE_ADDED, by=by, subject=row)
    if not keeps:
        notifications.file_brought(row, by=by)
    client_file_changed.send(sender=ClientFile, row=row)
    return row


@transaction.atomic
def share_client_file(row: ClientFile, *, by: Any, now: datetime) -> ClientFile:
    """Let the client's logins open it; they are told that there is something."""
    held = by_hand.held_for(ClientFile, row.pk, by=by, with_also=("file",))
    if not held.is_from_client and by_hand.share(held, code=RecordsAudit.CLIENT_FILE_SHARED, by=by, now=now):
        notifications.file_shared(held, by=by)
        client_file_changed.send(sender=ClientFile, row=held)
    return held


@transaction.atomic
def withdraw_client_file(row: ClientFile, *, by: Any, now: datetime) -> ClientFile:
    """Share it no longer."""
    held = by_hand.held_for(ClientFile, row.pk, by=by, with_also=("file",))
    refusal = ConflictError("file_not_shared", translate("This file is not shared."))
    by_hand.withdraw(held, code=RecordsAudit.CLIENT_FILE_WITHDRAWN, by=by, otherwise=refusal)
    client_file_changed.send(sender=ClientFile, row=held)
    return held


@transaction.atomic
def remove_client_file(row: ClientFile, *, by: Any, now: datetime) -> None:
    """Remove it for good: whoever keeps the record, or who has brought it themselves."""
    held = ClientFile.objects.select_for_update(of=("self",)).select_related("client", "file").filter(pk=row.pk).first()
    if held is None:
        raise NotFound(f"file {row.pk}")
    if not can_remove_file(by, held):
        raise PermissionDenied("not allowed to remove this file")
    audit.record(RecordsAudit.CLIENT_FILE_REMOVED, by=by, subject=held)
    client_file_left.send(sender=ClientFile, row=held)
    file = held.file
    held.delete()
    remove_file(file=file, by=by)


@transaction.atomic
def client_file_read(row: ClientFile, *, by: Any, now: datetime, is_part: bool = False) -> None:
    """Keep that somebody has opened it. `is_part`: a player asks for one file in many parts, which are one reading as long as it goes on."""
    if is_part:
        turns.hold_until_commit(f"records.read:{row.pk}:{by.pk}")  # because players ask for several parts at once
        if audit.is_noted(RecordsAudit.CLIENT_FILE_READ, by=by, subject=row, since=now - SITTING):
            return
    audit.record(RecordsAudit.CLIENT_FILE_READ, by=by, subject=row)
