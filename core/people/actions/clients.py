"""Clients: added, changed, archived, deleted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from branding.models import Branch
from core.kernel import audit, encryption
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people import deletion, grants
from core.people.actions.changes import checked_branch, checked_zone, require, write_changes
from core.people.actions.invitations import invite_login
from core.people.actions.linked_logins import link_login, login_for
from core.people.actions.logins import end_sessions_of_those_shut_out
from core.people.audit_codes import PeopleAudit
from core.people.models import FORMER_INFORMATION, Client, FormerInformation, User
from core.people.permissions import can_change_client, can_change_contact, can_read_information
from core.people.roles import Permission
from core.people.signals import access_gained, status_changed

CONTACT_FIELDS = ("email", "phone", "time_zone")
PRIVATE_FIELDS = ("additional_information",)


@dataclass(frozen=True, slots=True)
class NewLogin:
    """Somebody who is to sign in for a new client. `existing` links the login that has this address already."""

    email: str
    name: str
    relationship: str
    time_zone: str
    language: str = ""
    invite: bool = True
    existing: bool = False


@transaction.atomic
def add_client(*, by: Any, now: datetime, logins: Sequence[NewLogin] = (), **values: Any) -> Client:
    """Add a client, with or without logins; the logins of an active client are invited by mail in the name of `by`.

    `values`: fields of Client; `first_name` and `time_zone` are needed. Errors: `time_zone_unknown`, `email_taken`, `branch_closed`.
    """
    require(by.may(Permission.MANAGE_CLIENTS))
    checked_zone(values.get("time_zone", ""))
    checked_branch(values.get("branch"))
    client = Client.objects.create(**values)
    audit.record(PeopleAudit.CLIENT_ADDED, by=by, subject=client, changes={"status": [None, client.status]})
    for login in logins:
        add_login(client=client, login=login, by=by, now=now)
    return client


@transaction.atomic
def add_login(*, client: Client, login: NewLogin, by: Any, now: datetime) -> User:
    """Let somebody sign in for a client; invited at once when the client is active and they have no password yet."""
    require(can_change_client(by, client))
    user = login_for(login.email, login.name, login.time_zone, login.language, existing=login.existing, by=by)
    link_login(client=client, login=user, relationship=login.relationship, by=by, now=now)
    active = client.is_active and user.is_active
    if login.invite and active and not user.has_usable_password():
        invite_login(login=user, by=by, now=now)
    return user


@transaction.atomic
def change_client(*, client: Client, by: Any, now: datetime, **values: Any) -> Client:
    """Change details; whoever acts for the client may change address, telephone and time zone only."""
    contact_only = set(values) <= set(CONTACT_FIELDS)
    require(can_change_contact(by, client) if contact_only else can_change_client(by, client))
    if "time_zone" in values:
        checked_zone(values["time_zone"])
    client.refresh_from_db(from_queryset=Client.objects.select_for_update())
    if "branch" in values:
        checked_branch(values["branch"], before=client.branch)
    status, information = values.pop("status", client.status), client.additional_information
    changes = write_changes(client, values, private=PRIVATE_FIELDS)
    if "additional_information" in changes and information:
        _keep_information(client, information, by=by, now=now)
    if changes:
        audit.record(PeopleAudit.CLIENT_CHANGED, by=by, subject=client, changes=changes)
    if status != client.status:
        change_client_status(client=client, status=status, by=by, now=now)
    return client


@transaction.atomic
def put_into_branch(*, clients: Iterable[Client], branch: Branch | None, by: Any, now: datetime) -> int:
    """Let several clients belong to a branch, or to none; returns for how many that was new. Error `branch_closed`; all of it or nothing."""
    changed = 0
    for client in sorted(clients, key=lambda each: each.pk):  # one order, because two at once must not deadlock
        if client.branch_id != (branch.pk if branch else None):
            change_client(client=client, by=by, now=now, branch=branch)
            changed += 1
    return changed


def _keep_information(client: Client, text: str, *, by: Any, now: datetime) -> None:
    """Keep what was noted until now."""
    sealed = encryption.encrypt(text, purpose=FORMER_INFORMATION)
    FormerInformation.objects.create(client=client, encrypted_text=sealed, until=now, changed_by=str(by)[:200])


@transaction.atomic
def bring_back_information(*, former: FormerInformation, by: Any, now: datetime) -> Client:
    """Note again what was noted before; what stands there now is kept in its turn. Error `information_unreadable`."""
    client, text = former.client, former.text
    require(can_change_client(by, client) and can_read_information(by, client))
    if not text:
        raise DomainError("information_unreadable", translate("This text cannot be read any more: its key is gone."))
    change_client(client=client, by=by, now=now, additional_information=text)
    audit.record(PeopleAudit.CLIENT_INFORMATION_BROUGHT_BACK, by=by, subject=client)
    return client


@transaction.atomic
def change_client_status(*, client: Client, status: str, by: Any, now: datetime) -> Client:
    """Make a client active, inactive or a prospect. Logins that nobody active is left under are signed out at once."""
    require(can_change_client(by, client))
    if status not in Client.Status.values:
        raise DomainError("status_unknown", translate("Choose active, inactive or prospect."), field="status")
    before = Client.objects.select_for_update().values_list("status", flat=True).get(pk=client.pk)
    client.status = status
    if before == status:
        return client
    client.archived_at = None
    client.save(update_fields=["status", "archived_at"])
    audit.record(PeopleAudit.CLIENT_STATUS_CHANGED, by=by, subject=client, changes={"status": [before, status]})
    logins = list(User.objects.filter(links__client=client))
    end_sessions_of_those_shut_out(logins, now=now)
    status_changed.send(Client, client=client, by=by, now=now)
    if client.is_active:
        for login in logins:
            access_gained.send(User, user=login, by=by, now=now)
    return client


@transaction.atomic
def archive_client(*, client: Client, by: Any, now: datetime) -> Client:
    """Put a client away: inactive and out of the lists, with everything kept."""
    change_client_status(client=client, status=Client.Status.INACTIVE, by=by, now=now)
    if client.archived_at is None:
        client.archived_at = now
        client.save(update_fields=["archived_at"])
        audit.record(PeopleAudit.CLIENT_ARCHIVED, by=by, subject=client)
    return client


@transaction.atomic
def restore_client(*, client: Client, by: Any, now: datetime) -> Client:
    """Take a client out of the archive; they stay inactive until somebody makes them active."""
    require(can_change_client(by, client))
    if write_changes(client, {"archived_at": None}):
        audit.record(PeopleAudit.CLIENT_RESTORED, by=by, subject=client)
    return client


@transaction.atomic
def delete_client(*, client: Client, by: Any, now: datetime) -> None:
    """Delete a client about whom nothing is kept. `client_in_use` lists what stands in the way, and names the way out."""
    require(can_change_client(by, client))
    Client.objects.select_for_update().get(pk=client.pk)
    reasons = deletion.reasons_against_deleting(client)
    if reasons:
        raise _in_use(client, " ".join(reasons))
    logins = list(User.objects.filter(links__client=client))
    audit.record(PeopleAudit.CLIENT_DELETED, by=by, subject=client)
    grants.forget(client)
    try:
        with transaction.atomic():
            client.delete()
    except ProtectedError as error:
        raise _in_use(client, translate("Other records refer to them.")) from error
    end_sessions_of_those_shut_out(logins, now=now)


def _in_use(client: Client, reasons: str) -> DomainError:
    refused = translate("%(name)s cannot be deleted.", name=client)
    instead = translate("Set the status to inactive or archive them instead.")
    return DomainError("client_in_use", f"{refused} {reasons} {instead}")
