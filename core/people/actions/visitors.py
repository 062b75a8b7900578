"""Somebody who was never here and comes by themselves: a client with a login of their own, at an address that they have shown to be theirs."""

from datetime import datetime

from django.db import transaction

from core.kernel import audit, unseen
from core.people.actions.logins import new_login
from core.people.audit_codes import PeopleAudit
from core.people.models import Client, LinkedLogin, User
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
    """Add an active client and their login, which has no password: they sign in by a code sent to this address. `email_taken`."""
    names = [unseen.one_line(name) for name in (first_name, last_name)]
    user = new_login(
        email=email, name=" ".join(filter(None, names))[:150], time_zone=time_zone, language=language, by=audit.SYSTEM
    )
    extra = [ClientPermission.CANCEL_APPOINTMENTS.value] if may_cancel else []
    client = Client.objects.create(
        first_name=names[0], last_name=names[1], email=user.email, phone=unseen.one_line(phone), time_zone=time_zone,
        permissions=[*CLIENT_DEFAULTS, *extra],
    )  # fmt: skip
    audit.record(PeopleAudit.CLIENT_ADDED, by=user, subject=client, changes={"status": [None, client.status]})
    relationship = LinkedLogin.Relationship.SELF
    LinkedLogin.objects.create(client=client, user=user, relationship=relationship)
    changes = {"login": [None, str(user.pk)], "relationship": [None, str(relationship)]}
    audit.record(PeopleAudit.CLIENT_LOGIN_LINKED, by=user, subject=client, changes=changes)
    access_gained.send(User, user=user, by=user, now=now)
    return client, user
