"""Agents: looked after by those who look after clients; each reviews and pays for the clients granted to them."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, QuerySet

from core.kernel.errors import NotFound
from core.people import grants
from core.people.models import Agent, Client, LinkedLogin, User
from core.people.roles import Permission


def is_agent(user: User) -> bool:
    """Whether the login looks after clients' bills."""
    return _ties(user)[0]


def relationships_of(user: User) -> set[str]:
    """What the login is to the clients with whom it is linked."""
    return set(_ties(user)[1])


def _ties(user: User) -> tuple[bool, list[str]]:
    """Both, asked of the database once per loaded user."""
    if "_ties" not in user.__dict__:
        links = LinkedLogin.objects.filter(user=user).order_by().values("relationship")
        known = User.objects.filter(pk=user.pk).values_list(
            Exists(Agent.objects.filter(user=user)), ArraySubquery(links)
        )
        user.__dict__["_ties"] = known.first() or (False, [])
    return user.__dict__["_ties"]  # type: ignore[no-any-return]


def can_audit_client(user: User, client: Client) -> bool:
    """Whether the login looks after this client's bills, as an agent."""
    return is_agent(user) and grants.holds(user, grants.AUDIT_CLIENT, client)


def clients_audited_by(user: User) -> QuerySet[Client]:
    """Every client for whom `can_audit_client` holds."""
    if not (user.is_active and is_agent(user)):
        return Client.objects.none()
    return grants.granted(user, grants.AUDIT_CLIENT, Client)


def get_agent(user: User, pk: Any) -> Agent:
    """The agent, for those who look after clients."""
    if not user.may(Permission.MANAGE_CLIENTS):
        raise PermissionDenied
    agent = Agent.objects.select_related("user").filter(pk=pk).first()
    if agent is None:
        raise NotFound
    return agent
