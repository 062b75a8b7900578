"""What a client's logins may do and see: for one client, or one permission for many at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.actions.changes import require
from core.people.audit_codes import PeopleAudit
from core.people.models import Client
from core.people.permissions import can_change_client
from core.people.roles import ClientPermission


@transaction.atomic
def set_client_permissions(*, client: Client, permissions: Iterable[str], by: Any, now: datetime) -> Client:
    """Give exactly these permissions; they are kept in the order of the list. `permission_unknown` for any other word."""
    require(can_change_client(by, client))
    wanted = set(permissions)
    if unknown := wanted - set(ClientPermission):
        raise DomainError(
            "permission_unknown",
            translate("There is no permission “%(name)s”.", name=min(unknown)),
            field="permissions",
        )
    locked = Client.objects.select_for_update().get(pk=client.pk)
    before, after = list(locked.permissions), [each.value for each in ClientPermission if each in wanted]
    client.permissions = after
    if set(before) != set(after):
        client.save(update_fields=["permissions"])
        audit.record(
            PeopleAudit.CLIENT_PERMISSIONS_CHANGED, by=by, subject=client, changes={"permissions": [before, after]}
        )
    return client


@transaction.atomic
def set_permission_for_many(
    *, permission: str, allowed: bool, clients: Iterable[Client], by: Any, now: datetime
) -> list[Client]:
    """Give or take one permission for many clients at once; returns those for whom it changed something."""
    changed = []
    for client in sorted(clients, key=lambda each: each.pk):  # one order, because two at once must not deadlock
        wanted = {*client.permissions, permission} if allowed else {*client.permissions} - {permission}
        if wanted != set(client.permissions):
            set_client_permissions(client=client, permissions=wanted, by=by, now=now)
            changed.append(client)
    return changed
