"""What clients still owe, for whoever may know."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from billing.permissions import clients_with_costs_for
from billing.queries.invoices import unsettled
from core.kernel.money import Money
from core.people.models import User


def dues_of(user: User, clients: Iterable[UUID]) -> dict[UUID, list[Money]]:
    """The amounts by client; nothing of those whose amounts this person does not see. One question for all of them."""
    readable = clients_with_costs_for(user).filter(pk__in=set(clients))
    found: dict[UUID, list[Money]] = defaultdict(list)
    for row in unsettled(readable):
        if row["sum"] > 0:
            found[row["client_id"]].append(Money(int(row["sum"]), row["currency"]))
    return dict(found)
