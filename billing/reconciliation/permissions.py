"""Comparing books is work for whoever bills."""

from uuid import UUID

from django.db.models import QuerySet

from billing.permissions import can_manage_billing, check_manages
from billing.reconciliation.models import Difference, Reconciliation
from core.kernel.errors import NotFound
from core.people.models import User

__all__ = ["check_manages", "get_difference", "reconciliations_managed_by"]


def reconciliations_managed_by(user: User) -> "QuerySet[Reconciliation]":
    return Reconciliation.objects.all() if can_manage_billing(user) else Reconciliation.objects.none()


def get_difference(user: User, pk: UUID) -> Difference:
    """The door to one difference. NotFound for strangers."""
    found = Difference.objects.select_related("reconciliation", "payment").filter(pk=pk).first()
    if found is None or not can_manage_billing(user):
        raise NotFound
    return found
