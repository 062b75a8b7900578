"""Somebody who comes by themselves: a client with a login, at an address that they have shown to be theirs, or a prospect, at one that they say."""

from datetime import datetime
from typing import Any

from django.db import transaction

from branding.queries import branch_in_force
from core.kernel import audit, sent_forms, unseen
from core.people.actions.logins import new_login
from core.people.audit_codes import PeopleAudit
from core.people.models import Client, LinkedLogin, User
from core.people.queries import clients_with_address
from core.people.roles import CLIENT_DEFAULTS, ClientPermission
from core.people.signals import access_gained


@transaction.atomic
def receive_visitor(
    *,
    email: str,
    first_name: str,
    last_name: str,
    phone: str,
    time_zone: str,
    language: str,
    may_cancel: bool,
    now: datetime,
) -> tuple[Client, User]:
    """Add an active client and their login, which has no password: they sign in by a code sent to this address. `email_taken`.

    They belong to the branch on whose page they came.
    """
    names = [unseen.one_line(name) for name in (first_name, last_name)]
    user = new_login(
        email=email, name=" ".join(filter(None, names))[:150], time_zone=time_zone, language=language, by=audit.SYSTEM
    )
    extra = [ClientPermission.CANCEL_APPOINTMENTS.value] if may_cancel else []
    client = Client.objects.create(
        first_name=names[0], last_name=names[1], email=user.email, phone=unseen.one_line(phone), time_zone=time_zone,
        permissions=[*CLIENT_DEFAULTS, *extra], branch=branch_in_force(),
    )  # fmt: skip
    audit.record(PeopleAudit.CLIENT_ADDED, by=user, subject=client, changes={"status": [None, client.status]})
    relationship = LinkedLogin.Relationship.SELF
    LinkedLogin.objects.create(client=client, user=user, relationship=relationship)
    changes = {"login": [None, str(user.pk)], "relationship": [None, str(relationship)]}
    audit.record(PeopleAudit.CLIENT_LOGIN_LINKED, by=user, subject=client, changes=changes)
    access_gained.send(User, user=user, by=user, now=now)
    return client, user


@transaction.atomic
def receive_prospect(
    *, email: str, first_name: str, last_name: str, phone: str, time_zone: str, by: Any
) -> Client | None:
    """The client whose address this is, untouched; a new prospect where nobody has it; None where several have it.

    Nobody has shown that the address is theirs: so nothing that is known of a client changes, and no login comes of it.
    """
    address = unseen.address(email).lower()
    sent_forms.one_writer_at_a_time(f"prospect:{address}")
    known = list(clients_with_address(address)[:2])
    if known:
        return known[0] if len(known) == 1 else None
    client = Client.objects.create(
        first_name=unseen.one_line(first_name), last_name=unseen.one_line(last_name), email=address,
        phone=unseen.one_line(phone), time_zone=time_zone, status=Client.Status.PROSPECT,
    )  # fmt: skip
    audit.record(PeopleAudit.CLIENT_ADDED, by=by, subject=client, changes={"status": [None, client.status]})
    return client
