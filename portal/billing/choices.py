"""For whom one bills."""

from billing.permissions import clients_billed_by
from core.people.queries import in_client
from portal.person_choices import Source, describe_client, own_and_recent, register, with_practitioners

BILLED = register(
    Source(
        "billed", lambda user, about: clients_billed_by(user), in_client, describe_client, with_practitioners, own_and_recent
    )
)  # fmt: skip
