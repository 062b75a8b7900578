"""Who sees and buys which packages: whoever sees what a client's care costs sees their packages; whoever manages billing sells them.

Units of a package were paid for: from whom costs are hidden, packages are hidden too.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from billing.models import Charge, Invoice
from billing.packages.models import Package, Purchase
from billing.permissions import (
    can_manage_billing,
    charges_visible_to,
    clients_audited_by,
    clients_paid_by,
    clients_with_costs_for,
)
from core.kernel.errors import NotFound
from core.people.models import Client, User
from core.people.permissions import clients_with_open_payments


def purchases_visible_to(user: User) -> "QuerySet[Purchase]":
    """Of the clients whose costs the user sees; before the invoice is issued, for whoever bills only."""
    found = Purchase.objects.select_related("client", "invoice", "package")
    if can_manage_billing(user):
        return found
    return found.filter(client__in=clients_with_costs_for(user)).exclude(invoice__state=Invoice.State.DRAFT)


def get_purchase(user: User, pk: UUID) -> Purchase:
    """The door to a package that was sold. NotFound for strangers."""
    return _found(purchases_visible_to(user), pk)


def get_purchase_to_manage(user: User, pk: UUID) -> Purchase:
    """The same for whoever changes something. PermissionDenied for the payer."""
    found = get_purchase(user, pk)
    if not can_manage_billing(user):
        raise PermissionDenied("You do not have permission to manage packages.")
    return found


def packages_managed_by(user: User) -> "QuerySet[Package]":
    return Package.objects.all() if can_manage_billing(user) else Package.objects.none()


def get_package(user: User, pk: UUID) -> Package:
    """The door to a package on offer, for whoever bills."""
    return _found(packages_managed_by(user), pk)


def packages_on_sale() -> "QuerySet[Package]":
    """What payers can buy by themselves."""
    return Package.objects.filter(is_active=True, is_online=True)


def clients_bought_for_by(user: User) -> "QuerySet[Client]":
    """For whom the user can buy a package: as one of their logins or as an agent, while somebody may pay here for them."""
    if can_manage_billing(user) or not user.is_active:
        return Client.objects.none()
    theirs = Client.objects.filter(pk__in=clients_with_open_payments().values("pk"))
    return (theirs.filter(pk__in=clients_audited_by(user)) | theirs.filter(pk__in=clients_paid_by(user))).distinct()


def get_client_to_buy_for(user: User, pk: UUID) -> Client:
    """The door to buying for somebody. NotFound for everybody else."""
    return _found(clients_bought_for_by(user), pk)


def can_open_packages(user: User) -> bool:
    """Whether the person has a package here, or can buy one."""
    if can_manage_billing(user):
        return True
    if purchases_visible_to(user).exists():
        return True
    return packages_on_sale().exists() and clients_bought_for_by(user).exists()


def get_met_charge(user: User, pk: UUID) -> Charge:
    """The door to a charge that was met from a package, in whole or in part, for whoever bills."""
    return _found(charges_visible_to(user).filter(unit_entries__kind="used").distinct(), pk)


def _found(those: "QuerySet[Any]", pk: UUID) -> Any:
    found = those.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
