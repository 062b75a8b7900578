"""Clients: seen by all-seeing staff, by assigned practitioners, by their own logins while they are active, and by their agents."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from core.kernel.errors import NotFound
from core.people import grants
from core.people.models import Agent, Assignment, Client, LinkedLogin, StaffMember, User
from core.people.roles import Permission

SEE = "see"
CHANGE = "change"
CHANGE_CONTACT = "change_contact"
ACT = "act"
READ_INFORMATION = "read_information"


class Hat(StrEnum):
    """As whom a person looks at a client. One person may wear several."""

    STAFF = "staff"
    SELF = "self"
    GUARDIAN = "guardian"
    AGENT = "agent"


def hats_for(user: User, client: Client) -> tuple[Hat, ...]:
    """The hats `user` wears for this client; empty for a stranger."""
    hats = [Hat.STAFF] if _sees_as_staff(user, client) else []
    link = LinkedLogin.objects.filter(user=user, client=client).first()
    if link is not None and client.status == Client.Status.ACTIVE:
        hats.append(Hat.SELF if link.relationship == LinkedLogin.Relationship.SELF else Hat.GUARDIAN)
    if is_agent(user) and grants.holds(user, grants.AUDIT_CLIENT, client):
        hats.append(Hat.AGENT)
    return tuple(hats)


def is_agent(user: User) -> bool:
    """Whether the login looks after clients' bills; asked of the database once per loaded user."""
    if "_is_agent" not in user.__dict__:
        user.__dict__["_is_agent"] = Agent.objects.filter(user=user).exists()
    return bool(user.__dict__["_is_agent"])


def can_see_client(user: User, client: Client) -> bool:
    """Staff who see all, assigned practitioners, the client's own logins, agents."""
    return bool(hats_for(user, client))


def can_change_client(user: User, client: Client) -> bool:
    """Details, status, logins, agents, permissions, assignments."""
    return user.may(Permission.MANAGE_CLIENTS) and _sees_as_staff(user, client)


def can_change_contact(user: User, client: Client) -> bool:
    """Address, telephone and time zone: also the client's own logins, but never an agent."""
    return can_change_client(user, client) or can_act_for(user, client)


def can_act_for(user: User, client: Client) -> bool:
    """Ask for and cancel appointments, change details: the client's own logins. An agent pays but does not act."""
    linked = LinkedLogin.objects.filter(user=user, client=client).exists()
    return linked and client.status == Client.Status.ACTIVE


def can_read_information(user: User, client: Client) -> bool:
    """The additional information kept about a client: staff whose role allows it; never the client, never an agent."""
    return user.may(Permission.SEE_CLIENT_INFORMATION) and _sees_as_staff(user, client)


def clients_visible_to(user: User) -> QuerySet[Client]:
    """Every client for whom `can_see_client` holds."""
    if user.may(Permission.SEE_ALL_CLIENTS):
        return Client.objects.all()
    linked = LinkedLogin.objects.filter(user=user).values("client_id")
    visible = Q(pk__in=linked, status=Client.Status.ACTIVE)
    if user.staff is not None and user.staff.status == StaffMember.Status.ACTIVE:
        visible |= Q(pk__in=Assignment.objects.filter(practitioner=user.staff).values("client_id"))
    if is_agent(user):
        visible |= Q(pk__in=grants.granted(user, grants.AUDIT_CLIENT, Client).order_by().values("pk"))
    return Client.objects.filter(visible)


def get_client(user: User, pk: Any, *, to: str = SEE) -> Client:
    """The client, if `user` may see them, and may do `to` with them."""
    client = clients_visible_to(user).filter(pk=pk).first()
    if client is None:
        raise NotFound
    if not _RIGHTS[to](user, client):
        raise PermissionDenied
    return client


def _sees_as_staff(user: User, client: Client) -> bool:
    if user.may(Permission.SEE_ALL_CLIENTS):
        return True
    staff = user.staff
    if staff is None or staff.status != StaffMember.Status.ACTIVE:
        return False
    return Assignment.objects.filter(practitioner=staff, client=client).exists()


_RIGHTS: dict[str, Callable[[User, Client], bool]] = {
    SEE: lambda user, client: True,  # because the queryset has already decided
    CHANGE: can_change_client,
    CHANGE_CONTACT: can_change_contact,
    ACT: can_act_for,
    READ_INFORMATION: can_read_information,
}
