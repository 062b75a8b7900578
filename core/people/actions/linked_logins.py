"""Who acts for a client: linked logins."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people import queries
from core.people.actions.changes import require
from core.people.actions.logins import end_sessions_of_those_shut_out, new_login
from core.people.audit_codes import PeopleAudit
from core.people.models import Client, LinkedLogin, User
from core.people.permissions import can_change_client
from core.people.signals import access_gained


def login_for(email: str, name: str, time_zone: str, language: str, *, existing: bool, by: Any) -> User:
    """The login with this address when `existing` says to take it, else a new one (`email_taken` if there is one)."""
    if existing:
        found = queries.login_by_email(email)
        if found is None:
            raise DomainError("login_unknown", translate("There is no login with this address."), field="email")
        return found
    return new_login(email=email, name=name, time_zone=time_zone, language=language, by=by)


@transaction.atomic
def link_login(*, client: Client, login: User, relationship: str, by: Any, now: datetime) -> LinkedLogin:
    """Let a login act for a client, as themselves or as a guardian. `already_linked` when it does."""
    require(can_change_client(by, client))
    if relationship not in LinkedLogin.Relationship.values:
        raise DomainError("relationship_unknown", translate("Choose how they are related."), field="relationship")
    if relationship == LinkedLogin.Relationship.SELF and client.links.filter(relationship=relationship).exists():
        raise DomainError(
            "self_taken",
            translate("%(client_name)s has a login of their own already.", client_name=client),
            field="relationship",
        )
    link, created = LinkedLogin.objects.get_or_create(
        client=client, user=login, defaults={"relationship": relationship}
    )
    if not created:
        raise DomainError(
            "already_linked",
            translate("%(login)s is linked to %(client_name)s already.", login=login, client_name=client),
            field="email",
        )
    changes = {"login": [None, str(login.pk)], "relationship": [None, relationship]}
    audit.record(PeopleAudit.CLIENT_LOGIN_LINKED, by=by, subject=client, changes=changes)
    access_gained.send(User, user=login, by=by, now=now)
    return link


@transaction.atomic
def unlink_login(*, client: Client, login: User, by: Any, now: datetime) -> None:
    """End a login's tie to a client; a login without any other tie is signed out at once. The login itself is kept."""
    require(can_change_client(by, client))
    deleted, _ = LinkedLogin.objects.filter(client=client, user=login).delete()
    if deleted:
        audit.record(PeopleAudit.CLIENT_LOGIN_UNLINKED, by=by, subject=client, changes={"login": [str(login.pk), None]})
        end_sessions_of_those_shut_out([login], now=now)
