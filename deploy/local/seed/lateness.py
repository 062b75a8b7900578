"""A cancellation policy, clients who may cancel themselves, and one who did so too late."""

from datetime import datetime, timedelta

from billing.models import Service
from core.kernel.errors import DomainError
from core.people.roles import ClientPermission
from core.scheduling import actions
from core.scheduling.models import CompletionType
from core.scheduling.queries import completion_types_for_policy
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice


def set_rules(cast: Cast, *, now: datetime) -> None:
    """Less than two days before costs half, less than one the whole price."""
    actions.adopt_policy(levels=[(48, _costing(50)), (24, _costing(100))], by=cast.owner, now=now)
    actions.allow_client_cancellations(True, by=cast.owner, now=now)


def cancel_late(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """Somebody who may gives up tomorrow's appointment this morning; it is charged by the policy."""
    may = ClientPermission.CANCEL_APPOINTMENTS
    client = next(each for each in cast.clients if each.is_active and each.allows(may) and each.logins.exists())
    service = Service.objects.get(name=practice.offers[0].name)
    practitioner = client.assignments.get().practitioner
    for hours in range(20, 8, -1):
        starts_at = (now + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
        try:
            appointment = actions.book_appointment(
                override_reason="The only time that suits the family.",
                practitioner=practitioner, clients=[client], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=service.minutes),
                time_zone=practice.time_zone, service_name=service.name, other_service_names=service.other_names, service_id=service.pk,
                by=cast.owner, now=now - timedelta(days=4),
            )  # fmt: skip
        except DomainError:
            continue  # because somebody has that hour already
        actions.cancel_appointment(appointment, reason="Ill since this morning.", by=client.logins.first(), now=now)
        return


def _costing(share: int) -> CompletionType:
    """The type among those of a late cancellation that charges so much of the price, and pays as much of the wage."""
    return completion_types_for_policy().get(outcome="cancelled", client_share=share, wage_share=share)
