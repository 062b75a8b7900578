"""Who may see and do what with money. Hide costs is decided here, once: predicate, queryset and door side by side.

Whoever manages billing sees every amount. An agent sees those of the clients whose bills they look after. A client's own logins see them if
that client's permissions let them see invoices and payments and do not hide costs. Nobody else sees an amount: whoever may not, gets pages,
mails, files and documents into which it was never written.
docs/rules/costs.md has a worked table.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from billing.models import (
    CardLink,
    CardMandate,
    Charge,
    CostOverride,
    CreditNote,
    Customer,
    Dispute,
    DisputeFile,
    Invoice,
    LedgerEntry,
    Payment,
    Rate,
    SavedCard,
    Service,
)
from core.kernel import audit
from core.kernel.errors import NotFound
from core.kernel.translation import translate
from core.people import permissions
from core.people.models import Client, User
from core.people.permissions import can_audit_client, is_login_of, staff_with
from core.people.roles import ClientPermission, Permission
from core.scheduling.models import Appointment
from core.scheduling.permissions import can_run_schedule
from tenants import entitlements


class InvoiceRight(StrEnum):
    """What a door to an invoice is opened for."""

    SEE = "see"
    PAY = "pay"
    RECORD = "record"
    MANAGE = "manage"


SEE, PAY, RECORD, MANAGE = InvoiceRight
DISPUTE_FILE = "dispute"  # what files of answers to disputes are brought for

_SHOWN = Q(permissions__contains=[ClientPermission.SEE_PAYMENTS.value]) & ~Q(
    permissions__contains=[ClientPermission.HIDE_COSTS.value]
)


def can_manage_billing(user: User) -> bool:
    return user.is_active and user.may(Permission.MANAGE_BILLING)


def can_take_payments(user: User) -> bool:
    """Whether the person notes what came in, for the clients whose invoices they see."""
    return user.is_active and user.may(Permission.TAKE_PAYMENTS)


def clients_taken_from(user: User) -> "QuerySet[Client, UUID]":
    """Ids of the clients whose issued invoices the person reads because they take payments: those whom they see as staff."""
    if not can_take_payments(user):
        return Client.objects.none().values_list("pk", flat=True)
    return permissions.clients_seen_as_staff(user).order_by().values_list("pk", flat=True)


def can_take_from(user: User, client: Client) -> bool:
    """`clients_taken_from` as a predicate."""
    return can_take_payments(user) and permissions.sees_as_staff(user, client)


def check_takes(by: Any, client: Client) -> None:
    """Refuse whoever may not note a payment for this client; the product itself may."""
    allowed = isinstance(by, audit.System) or (
        can_take_payments(by) and (can_manage_billing(by) or can_take_from(by, client))
    )
    if not allowed:
        raise PermissionDenied


def check_manages(by: Any) -> None:
    """Refuse whoever may not manage billing; the product itself may."""
    if not (isinstance(by, audit.System) or can_manage_billing(by)):
        raise PermissionDenied


def check_in_plan() -> None:
    """Refuse to begin anything with money where the organization's plan has no billing."""
    refusal = translate("Billing is not part of your plan. What was charged and billed before stays as it is.")
    entitlements.require(entitlements.BILLING, refusal)


def prices_are_hidden_from(user: Any) -> bool:
    """Whether somebody who is signed in acts for a client whose costs are hidden: they meet no price, not even a public one."""
    if not user.is_authenticated or user.staff is not None:
        return False
    return Client.objects.filter(links__user=user, permissions__contains=[ClientPermission.HIDE_COSTS.value]).exists()


def can_see_costs(user: User, client: Client) -> bool:
    """Staff who bill or take payments, the client's agents, and the client's logins if they may see payments and costs are not hidden."""
    if can_manage_billing(user) or can_audit_costs(user, client) or can_take_from(user, client):
        return True
    return user.is_active and shows_costs(client) and is_login_of(user, client)


def can_see_costs_of_appointment(user: User, appointment: Appointment) -> bool:
    """Who bills; who runs the schedule it is on, because the share charged also sets their wage; and the logins and agents of those
    who attend, if they see the costs of every one of them: what an appointment costs is one sentence for all."""
    if can_manage_billing(user) or can_run_schedule(user, appointment.practitioner):
        return True
    attending = Client.objects.filter(pk__in=[place.client_id for place in appointment.attending])
    theirs = attending.filter(Q(links__user=user) | Q(pk__in=clients_audited_by(user))).distinct()
    return bool(theirs) and all(can_see_costs(user, client) for client in theirs)


def can_audit_costs(user: User, client: Client) -> bool:
    """Whether the user looks after this client's bills as an agent."""
    return user.is_active and can_audit_client(user, client)


def shows_costs(client: Client) -> bool:
    """Whether the client's own logins see amounts."""
    return client.allows(ClientPermission.SEE_PAYMENTS) and not client.allows(ClientPermission.HIDE_COSTS)


def clients_with_costs_for(user: User) -> "QuerySet[Client]":
    """The clients whose amounts the user may see: `can_see_costs` as a queryset."""
    if can_manage_billing(user):
        return Client.objects.all()
    shown = Q(pk__in=clients_audited_by(user)) | Q(pk__in=clients_paid_by(user))
    if can_take_payments(user):
        shown |= Q(pk__in=clients_taken_from(user))
    return Client.objects.filter(shown)


def clients_audited_by(user: User) -> "QuerySet[Client, UUID]":
    """Ids of the clients whose bills the user looks after as an agent."""
    return permissions.clients_audited_by(user).values_list("pk", flat=True)


def clients_paid_by(user: User) -> "QuerySet[Client, UUID]":
    """Ids of the clients whose amounts the user sees as one of their logins."""
    if not user.is_active:
        return Client.objects.none().values_list("pk", flat=True)
    return Client.objects.filter(_SHOWN, links__user=user).values_list("pk", flat=True)


def can_see_invoice(user: User, invoice: Invoice) -> bool:
    """Drafts are for staff. A payer sees the invoice, unless it is a login of a client whose costs are hidden."""
    if can_manage_billing(user):
        return True
    return invoice.state != Invoice.State.DRAFT and can_see_once_issued(user, invoice)


def can_see_once_issued(user: User, invoice: Invoice) -> bool:
    """Whether the person sees the invoice from its issue on."""
    if not user.is_active:
        return False
    if can_see_costs(user, invoice.client):
        return True
    return invoice.payer_user_id == user.pk and not is_login_of(user, invoice.client)


def invoices_visible_to(user: User) -> "QuerySet[Invoice]":
    """`can_see_invoice` as a queryset."""
    if can_manage_billing(user):
        return Invoice.objects.all()
    if not user.is_active:
        return Invoice.objects.none()
    visible = _as_payer(user)
    if can_take_payments(user):
        visible |= Q(client__in=clients_taken_from(user))
    return Invoice.objects.filter(visible).exclude(state=Invoice.State.DRAFT)


def _as_payer(user: User) -> Q:
    """Invoices that the user sees as payer, agent or login."""
    shown = Q(client__in=clients_audited_by(user)) | Q(client__in=clients_paid_by(user))
    return shown | (Q(payer_user=user) & ~Q(client__in=Client.objects.filter(links__user=user).values("pk")))


def invoices_payable_by(user: User) -> "QuerySet[Invoice]":
    """Open invoices that the user sees as payer, agent or login, of clients for whom somebody may pay here. Staff note payments instead."""
    if can_manage_billing(user):
        return Invoice.objects.none()
    payable = permissions.clients_with_open_payments().values("pk")
    found = invoices_visible_to(user).filter(_as_payer(user), state=Invoice.State.OPEN, is_disputed=False)
    return found.filter(client__in=payable)


def get_invoice(user: User, pk: UUID, *, to: InvoiceRight = SEE) -> Invoice:
    """The door: NotFound for a stranger, PermissionDenied for an insider without the right."""
    invoice = invoices_visible_to(user).select_related("client", "payer_user", "payer_agent").filter(pk=pk).first()
    if invoice is None:
        raise NotFound
    if to == MANAGE and not can_manage_billing(user):
        raise PermissionDenied
    if to == RECORD:
        check_takes(user, invoice.client)
    if to == PAY and (can_manage_billing(user) or not Invoice.objects.filter(_as_payer(user), pk=pk).exists()):
        raise PermissionDenied
    return invoice


def credit_notes_visible_to(user: User) -> "QuerySet[CreditNote]":
    """Credit notes of invoices that the user may see."""
    if can_manage_billing(user):
        return CreditNote.objects.all()
    return CreditNote.objects.filter(invoice__in=invoices_visible_to(user).values("pk"))


def get_credit_note(user: User, pk: UUID) -> CreditNote:
    """The door to a credit note: it is seen with its invoice."""
    return _found(credit_notes_visible_to(user).select_related("invoice__client", "invoice__payer_user"), pk)


def payments_visible_to(user: User) -> "QuerySet[Payment]":
    """Payments of invoices that the user may see."""
    if can_manage_billing(user):
        return Payment.objects.all()
    seen = invoices_visible_to(user).values("pk")
    unseen = Invoice.objects.exclude(pk__in=seen).values("pk")
    # Because a payment of several invoices shows their sum, every one of them must be visible.
    return Payment.objects.filter(shares__invoice__in=seen).exclude(shares__invoice__in=unseen).distinct()


def get_payment(user: User, pk: UUID, *, to: InvoiceRight = SEE) -> Payment:
    """The door to a payment; PAY is for the one who started it."""
    payment = payments_visible_to(user).filter(pk=pk).first()
    if payment is None:
        raise NotFound
    if to == MANAGE and not can_manage_billing(user):
        raise PermissionDenied
    if to == PAY and payment.payer_id != user.pk:
        raise PermissionDenied
    return payment


def disputes_managed_by(user: User) -> "QuerySet[Dispute]":
    """Disputes are work for whoever bills; others see on their payment that there is one."""
    return _for_billing_staff(user, Dispute.objects.select_related("payment__payer"))


def get_dispute(user: User, pk: UUID) -> Dispute:
    """The door to a dispute. NotFound for strangers."""
    return _found(disputes_managed_by(user), pk)


def get_dispute_file(user: User, pk: UUID) -> DisputeFile:
    """The door to a file of an answer. NotFound for strangers."""
    those = DisputeFile.objects.select_related("dispute__payment", "file__key")
    return _found(_for_billing_staff(user, those), pk)


def clients_billed_by(user: User) -> "QuerySet[Client]":
    """The clients whom the user may bill: everybody, for whoever manages billing."""
    return _for_billing_staff(user, Client.objects.all())


def get_billed_client(user: User, pk: UUID) -> Client:
    """The door to a client's balance. NotFound for strangers."""
    return _found(clients_billed_by(user), pk)


def charges_visible_to(user: User) -> "QuerySet[Charge]":
    """Charges are work for whoever bills; others see what became of them, on invoices."""
    return _for_billing_staff(user, Charge.objects.select_related("client", "service"))


def get_open_charge(user: User, pk: UUID) -> Charge:
    """The door to a charge that can still be changed. NotFound for strangers, and once it is invoiced or waived."""
    return _found(charges_visible_to(user).filter(state=Charge.State.OPEN), pk)


def cost_overrides_visible_to(user: User) -> "QuerySet[CostOverride]":
    return _for_billing_staff(user, CostOverride.objects.select_related("client"))


def ledger_visible_to(user: User) -> "QuerySet[LedgerEntry]":
    return _for_billing_staff(user, LedgerEntry.objects.select_related("invoice"))


def services_managed_by(user: User) -> "QuerySet[Service]":
    return _for_billing_staff(user, Service.objects.all())


def get_service(user: User, pk: UUID) -> Service:
    """The door to a service and its price. NotFound for strangers."""
    return _found(services_managed_by(user), pk)


def rates_visible_to(user: User) -> "QuerySet[Rate]":
    return _for_billing_staff(user, Rate.objects.select_related("client", "service"))


def get_rate(user: User, pk: UUID) -> Rate:
    """The door to a client's own rate. NotFound for strangers."""
    return _found(rates_visible_to(user), pk)


def get_card(user: User, pk: UUID) -> SavedCard:
    """The door to a saved card: only for the person whose card it is."""
    return _found(
        SavedCard.objects.select_related("customer__account").filter(customer__user=user, removed_at=None), pk
    )


def card_links_managed_by(user: User) -> "QuerySet[CardLink]":
    return _for_billing_staff(user, CardLink.objects.select_related("user", "client", "sender"))


def get_card_link(user: User, pk: UUID) -> CardLink:
    """The door to a set-up link, for whoever bills. NotFound for strangers."""
    return _found(card_links_managed_by(user), pk)


def get_customer(user: User, pk: UUID) -> Customer:
    """The door to a payer as the processor's customer, for whoever bills. NotFound for strangers."""
    return _found(_for_billing_staff(user, Customer.objects.select_related("user", "account")), pk)


def get_card_mandate(user: User, pk: UUID) -> CardMandate:
    """The door to what somebody agreed to: for themselves, and for whoever bills."""
    given = CardMandate.objects.select_related("client", "card").filter(card__isnull=False)
    return _found(given if can_manage_billing(user) else given.filter(user=user), pk)


def billing_staff() -> "list[User]":
    """Logins to tell about money: those whose role carries billing."""
    return [member.user for member in staff_with(Permission.MANAGE_BILLING).filter(user__is_active=True)]


def _for_billing_staff(user: User, everything: "QuerySet[Any]") -> "QuerySet[Any]":
    return everything if can_manage_billing(user) else everything.none()


def _found(those: "QuerySet[Any]", pk: UUID) -> Any:
    found = those.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
