"""Who sees whose wages: whoever manages wages sees all, everybody else their own, and nobody else any."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.wages.models import BankAccount, Payout, PayoutRun, WageEntry, WageRate
from core.kernel import audit
from core.kernel.errors import NotFound
from core.people.models import StaffMember, User
from core.people.permissions import holding
from core.people.roles import Permission


def can_manage_wages(user: User) -> bool:
    return user.is_active and user.may(Permission.MANAGE_WAGES)


def check_manages(by: Any) -> None:
    """Refuse whoever may not manage wages; the product itself may."""
    if not (isinstance(by, audit.System) or can_manage_wages(by)):
        raise PermissionDenied("You do not have permission to manage wages.")


def can_see_wages_of(user: User, practitioner: StaffMember) -> bool:
    """The predicate beside `payees_visible_to`."""
    return can_manage_wages(user) or (user.is_active and practitioner.user_id == user.pk)


def payees_visible_to(user: User) -> "QuerySet[StaffMember]":
    """Whose wages the user sees: who works here with a schedule, and who has ever earned something."""
    if not user.is_active:
        return StaffMember.objects.none()
    works = holding(Permission.OWN_SCHEDULE) & Q(status=StaffMember.Status.ACTIVE)
    earned = Q(Exists(WageEntry.objects.filter(practitioner=OuterRef("pk"))))
    found = StaffMember.objects.filter(works | earned).select_related("user")
    return found if can_manage_wages(user) else found.filter(user=user)


def get_payee(user: User, pk: UUID) -> StaffMember:
    """The door to somebody's wages. NotFound for strangers."""
    return _found(payees_visible_to(user), pk)


def get_payee_to_manage(user: User, pk: UUID) -> StaffMember:
    """The same for whoever changes something. PermissionDenied for the person themselves."""
    found = get_payee(user, pk)
    check_manages(user)
    return found


def can_set_account(user: User, practitioner: StaffMember | None) -> bool:
    """Whoever manages wages, and everybody who earns here for themselves; the organization's own account is for whoever manages wages."""
    return can_manage_wages(user) if practitioner is None else can_see_wages_of(user, practitioner)


def check_sets_account(user: User, practitioner: StaffMember | None) -> None:
    if not can_set_account(user, practitioner):
        raise PermissionDenied


def own_account() -> BankAccount | None:
    """Where the organization pays wages from."""
    return BankAccount.objects.filter(practitioner=None).first()


def get_rate(user: User, pk: UUID) -> WageRate:
    """The door to a rate, for whoever manages wages."""
    return _found(_managed(user, WageRate.objects.select_related("practitioner__user", "service")), pk)


def runs_visible_to(user: User) -> "QuerySet[PayoutRun]":
    return _managed(user, PayoutRun.objects.all())


def get_run(user: User, pk: UUID) -> PayoutRun:
    """The door to a payout of several people, for whoever manages wages."""
    return _found(runs_visible_to(user), pk)


def payouts_visible_to(user: User) -> "QuerySet[Payout]":
    """Payouts of the people whose wages the user sees; their own once they are paid."""
    found = Payout.objects.select_related("run", "practitioner__user")
    if can_manage_wages(user):
        return found
    if not user.is_active:
        return found.none()
    return found.filter(practitioner__user=user, run__paid_on__isnull=False)


def get_payout(user: User, pk: UUID) -> Payout:
    """The door to one person's payout."""
    return _found(payouts_visible_to(user), pk)


def _managed(user: User, everything: "QuerySet[Any]") -> "QuerySet[Any]":
    return everything if can_manage_wages(user) else everything.none()


def _found(those: "QuerySet[Any]", pk: UUID) -> Any:
    found = those.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
