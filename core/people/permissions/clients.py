"""Clients: seen by all-seeing staff, by assigned practitioners, by their own logins while they are active, and by their agents."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from core.kernel.errors import NotFound
from core.people.models import Assignment, Client, FormerInformation, LinkedLogin, User
from core.people.permissions.agents import can_audit_client, clients_audited_by
from core.people.permissions.staff import CHANGE, SEE, is_active_staff
from core.people.roles import Permission

CHANGE_CONTACT = "change_contact"
READ_INFORMATION = "read_information"


class Relation(StrEnum):
    """As whom a person looks at a client. One person may be several things to a client."""

    STAFF = "staff"
    SELF = "self"
    GUARDIAN = "guardian"
    AGENT = "agent"


def relations_to(user: User, client: Client) -> tuple[Relation, ...]:
    """What `user` is to this client; empty for a stranger."""
    relations = [Relation.STAFF] if sees_as_staff(user, client) else []
    link = LinkedLogin.objects.filter(user=user, client=client).first()
    if link is not None and client.is_active:
        is_self = link.relationship == LinkedLogin.Relationship.SELF
        relations.append(Relation.SELF if is_self else Relation.GUARDIAN)
    if can_audit_client(user, client):
        relations.append(Relation.AGENT)
    return tuple(relations)


def can_see_client(user: User, client: Client) -> bool:
    """Staff who see all, assigned practitioners, the client's own logins, agents."""
    return bool(relations_to(user, client))


def can_change_client(user: User, client: Client) -> bool:
    """Details, status, logins, agents, permissions, assignments."""
    return user.may(Permission.MANAGE_CLIENTS) and sees_as_staff(user, client)


def can_change_contact(user: User, client: Client) -> bool:
    """Address, telephone and time zone: also the client's own logins, but never an agent."""
    return can_change_client(user, client) or can_act_for(user, client)


def can_act_for(user: User, client: Client) -> bool:
    """Ask for and cancel appointments, change details: the client's own logins. An agent pays but does not act."""
    return client.is_active and is_login_of(user, client)


def clients_acted_for(user: User) -> QuerySet[Client]:
    """Every client for whom `can_act_for` holds."""
    return Client.objects.filter(links__user=user, status=Client.Status.ACTIVE).order_by("sort_key", "pk")


def logins_acting_for(client: Client) -> list[User]:
    """Every login for which `can_act_for` holds and that can sign in, the first to come first."""
    if not client.is_active:
        return []
    links = LinkedLogin.objects.filter(client=client, user__is_active=True).select_related("user")
    return [link.user for link in links.order_by("created_at", "pk")]


def is_login_of(user: User, client: Client) -> bool:
    """Whether the login is tied to the client, active or not."""
    return LinkedLogin.objects.filter(user=user, client=client).exists()


def can_read_information(user: User, client: Client) -> bool:
    """The additional information kept about a client: staff whose role allows it; never the client, never an agent."""
    return user.may(Permission.SEE_CLIENT_INFORMATION) and sees_as_staff(user, client)


def clients_visible_to(user: User) -> QuerySet[Client]:
    """Every client for whom `can_see_client` holds."""
    if user.may(Permission.SEE_ALL_CLIENTS):
        return Client.objects.all()
    visible = Q(pk__in=clients_acted_for(user).order_by().values("pk"))
    visible |= Q(pk__in=clients_audited_by(user).order_by().values("pk"))
    if is_active_staff(user):
        visible |= Q(pk__in=Assignment.objects.filter(practitioner=user.staff).values("client_id"))
    return Client.objects.filter(visible)


def clients_seen_as_staff(user: User) -> QuerySet[Client]:
    """Every client for whom `sees_as_staff` holds."""
    if user.may(Permission.SEE_ALL_CLIENTS):
        return Client.objects.all()
    if not is_active_staff(user):
        return Client.objects.none()
    return Client.objects.filter(pk__in=Assignment.objects.filter(practitioner=user.staff).values("client_id"))


def get_client(user: User, pk: Any, *, to: str = SEE) -> Client:
    """The client, if `user` may see them, and may do `to` with them."""
    client = clients_visible_to(user).filter(pk=pk).first()
    if client is None:
        raise NotFound
    if not _RIGHTS[to](user, client):
        raise PermissionDenied
    return client


def get_linked_login(user: User, client: Client, pk: Any) -> LinkedLogin:
    """The tie of a login to a client that `user` may change."""
    if not can_change_client(user, client):
        raise PermissionDenied
    link = LinkedLogin.objects.select_related("user").filter(client=client, pk=pk).first()
    if link is None:
        raise NotFound
    return link


def get_former_information(user: User, client: Client, pk: Any) -> FormerInformation:
    """What was noted before about a client whose information `user` may read."""
    if not can_read_information(user, client):
        raise PermissionDenied
    former = FormerInformation.objects.select_related("client").filter(client=client, pk=pk).first()
    if former is None:
        raise NotFound
    return former


def sees_as_staff(user: User, client: Client) -> bool:
    """Whoever sees every client, and the practitioners to whom they are assigned."""
    if user.may(Permission.SEE_ALL_CLIENTS):
        return True
    return is_active_staff(user) and Assignment.objects.filter(practitioner=user.staff, client=client).exists()


_RIGHTS: dict[str, Callable[[User, Client], bool]] = {
    SEE: lambda user, client: True,  # because the queryset has already decided
    CHANGE: can_change_client,
    CHANGE_CONTACT: can_change_contact,
    READ_INFORMATION: can_read_information,
}
