"""Who gets the bill: an agent when costs are hidden from the client, else one of the client's logins, else the client themselves.

A bill has the client's billing name and address, where they have one. Whoever has no mail address gets it on paper. As long as nobody has
chosen who pays a draft, that follows from the agents and logins that there are when it is looked at, and when it is issued.
"""

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
    return client_payer(client) if permissions.shows_costs(client) else NOBODY


def payers_of(client: Client) -> list[Payer]:
    """Everybody known who can be billed for the client, the most likely first. Logins from whom costs are hidden are not among them."""
    agents = [agent_payer(agent) for agent in agents_of(client).filter(user__is_active=True)]
    if not permissions.shows_costs(client):
        return agents
    links = LinkedLogin.objects.filter(client=client, user__is_active=True).select_related("user")
    logins = sorted(
        links, key=lambda link: (_FIRST.index(LinkedLogin.Relationship(link.relationship)), link.created_at)
    )
    return [login_payer(link.user, client) for link in logins] + agents


def agent_payer(agent: Agent) -> Payer:
    name = agent.agency or agent.user.name
    return Payer(kind=Invoice.PayerKind.AGENT, name=name, email=agent.user.email, user=agent.user, agent=agent)


def login_payer(user: User, client: Client) -> Payer:
    name, address = client.billing_name or user.name, client.billing_address
    return Payer(kind=Invoice.PayerKind.LOGIN, name=name, email=user.email, address=address, user=user)


def client_payer(client: Client) -> Payer:
    """The client without a login: by mail if they have an address there, else on paper."""
    name = client.billing_name or client.name
    return Payer(kind=Invoice.PayerKind.OTHER, name=name, email=client.email, address=client.billing_address)


def bill_to(invoice: Invoice, payer: Payer) -> None:
    """Write the payer on the invoice, without saving."""
    invoice.payer_kind, invoice.payer_user, invoice.payer_agent = payer.kind, payer.user, payer.agent
    invoice.payer_name, invoice.payer_email, invoice.payer_address = payer.name, payer.email, payer.address


def with_present_payer(invoice: Invoice) -> Invoice:
    """The invoice, with whoever pays it now if it is a draft for which nobody was chosen. Nothing is saved."""
    if invoice.state == Invoice.State.DRAFT and not invoice.has_chosen_payer:
        bill_to(invoice, payer_for(invoice.client))
    return invoice
