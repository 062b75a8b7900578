"""Who gets the bill: an agent when costs are hidden from the client, else one of the client's logins, else the client's own address."""

from dataclasses import dataclass

from billing import permissions
from billing.models import Invoice
from core.people.models import Agent, Client, LinkedLogin, User
from core.people.queries import agents_of

_FIRST = [
    LinkedLogin.Relationship.GUARDIAN,
    LinkedLogin.Relationship.SELF,
    LinkedLogin.Relationship.PARTNER,
    LinkedLogin.Relationship.OTHER,
]


@dataclass(frozen=True)
class Payer:
    """Who pays, as it will stand on the invoice."""

    kind: str
    name: str = ""
    email: str = ""
    address: str = ""
    user: User | None = None
    agent: Agent | None = None


NOBODY = Payer(kind=Invoice.PayerKind.NOBODY)


def payer_for(client: Client) -> Payer:
    """Whoever would get an invoice made now; `NOBODY` when costs are hidden and there is no agent."""
    payers = payers_of(client)
    if payers:
        return payers[0]
    if permissions.shows_costs(client) and client.email:
        return Payer(kind=Invoice.PayerKind.OTHER, name=client.name, email=client.email)
    return NOBODY


def payers_of(client: Client) -> list[Payer]:
    """Everybody known who can be billed for the client, the most likely first. Logins from whom costs are hidden are not among them."""
    agents = [agent_payer(agent) for agent in agents_of(client).filter(user__is_active=True)]
    if not permissions.shows_costs(client):
        return agents
    links = LinkedLogin.objects.filter(client=client, user__is_active=True).select_related("user")
    logins = sorted(
        links, key=lambda link: (_FIRST.index(LinkedLogin.Relationship(link.relationship)), link.created_at)
    )
    return [login_payer(link.user) for link in logins] + agents


def agent_payer(agent: Agent) -> Payer:
    name = agent.agency or agent.user.name
    return Payer(kind=Invoice.PayerKind.AGENT, name=name, email=agent.user.email, user=agent.user, agent=agent)


def login_payer(user: User) -> Payer:
    return Payer(kind=Invoice.PayerKind.LOGIN, name=user.name, email=user.email, user=user)
