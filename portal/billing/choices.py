"""For whom one bills, and to whom units of a package can go."""

from django.db.models import QuerySet

from billing.packages.permissions import get_purchase_to_manage
from billing.packages.queries import siblings_of
from billing.permissions import clients_billed_by
from core.people.models import Client, User
from core.people.queries import in_client
from portal.person_choices import About, Source, describe_client, key_of, own_and_recent, register, with_practitioners


def _paid_by_the_same(user: User, about: About) -> QuerySet[Client]:
    """Those for whom the same person pays as for the client of the package."""
    key = key_of(about.get("purchase"))
    return siblings_of(get_purchase_to_manage(user, key).client) if key else Client.objects.none()


BILLED = register(
    Source(
        "billed", lambda user, about: clients_billed_by(user), in_client, describe_client, with_practitioners, own_and_recent
    )
)  # fmt: skip
PAID_BY_THE_SAME = register(
    Source("paid_by_the_same", _paid_by_the_same, in_client, describe_client, with_practitioners, about=("purchase",))
)
