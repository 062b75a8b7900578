"""Agents: logins that look after the bills of any number of clients."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people import grants, queries
from core.people.actions.changes import require, write_changes
from core.people.actions.invitations import invite_login
from core.people.actions.linked_logins import login_for
from core.people.actions.logins import end_sessions_of_those_shut_out
from core.people.audit_codes import PeopleAudit
from core.people.models import Agent, Client
from core.people.permissions import can_change_client
from core.people.roles import Permission


@transaction.atomic
def make_agent(
    *,
    email: str,
    name: str,
    agency: str,
    time_zone: str,
    by: Any,
    now: datetime,
    language: str = "",
    existing: bool = False,
) -> Agent:
    """Make an agent of a new login, or with `existing` of one that is here already, and invite them in the name of `by`."""
    require(by.may(Permission.MANAGE_CLIENTS))
    user = login_for(email, name, time_zone, language, existing=existing, by=by)
    if Agent.objects.filter(user=user).exists():
        raise DomainError(
            "already_agent", translate("%(user)s is %(agent:a|an)s %(agent)s already.", user=user), field="email"
        )
    agent = Agent.objects.create(user=user, agency=agency.strip())
    audit.record(PeopleAudit.AGENT_ADDED, by=by, subject=agent)
    if not user.has_usable_password():
        invite_login(login=user, by=by, now=now)
    return agent


@transaction.atomic
def change_agent(*, agent: Agent, agency: str, by: Any, now: datetime) -> Agent:
    """Change the name of the agency."""
    require(by.may(Permission.MANAGE_CLIENTS))
    changes = write_changes(agent, {"agency": agency.strip()})
    if changes:
        audit.record(PeopleAudit.AGENT_CHANGED, by=by, subject=agent, changes=changes)
    return agent


@transaction.atomic
def grant_client(*, agent: Agent, client: Client, by: Any, now: datetime) -> None:
    """Put a client into the agent's care; once is enough."""
    require(can_change_client(by, client))
    grants.grant(agent.user, grants.AUDIT_CLIENT, client, by=by)


@transaction.atomic
def revoke_client(*, agent: Agent, client: Client, by: Any, now: datetime) -> None:
    """Take a client out of the agent's care."""
    require(can_change_client(by, client))
    grants.revoke(agent.user, grants.AUDIT_CLIENT, client, by=by)


@transaction.atomic
def set_agent_clients(*, agent: Agent, clients: Iterable[Client], by: Any, now: datetime) -> None:
    """Make exactly these the agent's clients."""
    wanted = {client.pk: client for client in clients}
    present = {client.pk: client for client in queries.clients_of_agent(agent)}
    for key, client in wanted.items():
        if key not in present:
            grant_client(agent=agent, client=client, by=by, now=now)
    for key, client in present.items():
        if key not in wanted:
            revoke_client(agent=agent, client=client, by=by, now=now)


@transaction.atomic
def dismiss_agent(*, agent: Agent, by: Any, now: datetime) -> None:
    """End the agency: every client is taken out of its care, and a login with no other tie is signed out."""
    require(by.may(Permission.MANAGE_CLIENTS))
    set_agent_clients(agent=agent, clients=[], by=by, now=now)
    audit.record(PeopleAudit.AGENT_DISMISSED, by=by, subject=agent)
    user = agent.user
    agent.delete()
    end_sessions_of_those_shut_out([user], now=now)
