"""Who may see and do what with prepayments. An amount is seen by whoever bills, and by whoever sees the client's costs."""

from uuid import UUID

from django.db.models import Q, QuerySet

from billing.permissions import can_manage_billing, can_see_costs, clients_audited_by, clients_paid_by
from billing.prepayments.models import Prepayment
from core.kernel.errors import NotFound
from core.people.models import User
from core.people.permissions import is_login_of


def prepayments_visible_to(user: User) -> "QuerySet[Prepayment]":
    """Of the clients whose amounts the user may see, and those that the user was asked to pay."""
    found = Prepayment.objects.select_related("client", "payer", "invoice")
    if can_manage_billing(user):
        return found
    if not user.is_active:
        return found.none()
    shown = Q(client__in=clients_audited_by(user)) | Q(client__in=clients_paid_by(user))
    return found.filter(shown)


def can_be_paid_by(user: User, prepayment: Prepayment) -> bool:
    """Whether the one who was asked may still see what it costs: as the client's agent, or as a login from whom nothing is hidden."""
    if not user.is_active or user.pk != prepayment.payer_id:
        return False
    return can_see_costs(user, prepayment.client) and (
        prepayment.payer_agent_id is not None or is_login_of(user, prepayment.client)
    )


def get_prepayment_to_manage(user: User, pk: UUID) -> Prepayment:
    """The door for whoever bills. NotFound for everybody else."""
    found = prepayments_visible_to(user).filter(pk=pk).first() if can_manage_billing(user) else None
    if found is None:
        raise NotFound
    return found
