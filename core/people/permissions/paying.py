"""Paying for a client: their own logins and their agents, while the client is active (docs/rules/client-status.md)."""

from django.db.models import Q, QuerySet

from core.people.models import Client, User
from core.people.permissions.agents import can_audit_client, clients_audited_by
from core.people.rules.client_status import is_paid_for


def can_pay_for(user: User, client: Client) -> bool:
    """Whether the login may pay for the client, as one of their logins or as an agent. Costs and other payers are billing's to ask about."""
    if not (user.is_active and is_paid_for(client.status)):
        return False
    return client.links.filter(user=user).exists() or can_audit_client(user, client)


def clients_paid_for_by(user: User) -> QuerySet[Client]:
    """Every client for whom `can_pay_for` holds."""
    if not user.is_active:
        return Client.objects.none()
    theirs = Q(links__user=user) | Q(pk__in=clients_audited_by(user).order_by().values("pk"))
    return clients_with_open_payments().filter(theirs).distinct()


def clients_with_open_payments() -> QuerySet[Client]:
    """The clients for whom somebody may pay here: `is_paid_for` as a queryset, whoever the payer is."""
    return Client.objects.filter(status=Client.Status.ACTIVE)
