"""Invoices: drafted, issued with a number, sent, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db import transaction
from django.utils import translation

from billing import notifications, permissions
from billing.actions import ledger, numbers, payments
from billing.audit_codes import BillingAudit
from billing.models import Charge, Invoice, InvoiceLine
from billing.queries import organization
from billing.queries.invoices import same_currency, totals_of
from billing.queries.payers import Payer, bill_to, payer_for, with_present_payer
from billing.queries.recipients import mailed_sentence, may_be_mailed, recipient_of
from billing.rules import tax
from billing.rules.balances import Kind
from billing.rules.numbering import Counted
from branding.queries import current_brand, locale_of
from branding.speaking import speaking
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.kernel.translation import translate
from core.people.models import Client

LONGEST_TERM = timedelta(days=3653)


@dataclass(frozen=True)
class Item:
    """One thing to put on an invoice: what for, how much, which tax rate."""

    description: str
    price: Money
    tax_rate: Decimal = Decimal(0)
    detail: str = ""
    charge: Charge | None = None


@transaction.atomic
def draft_invoice(
    *,
    client: Client,
    items: Sequence[Item],
    due_on: date | None = None,
    payer: Payer | None = None,
    note: str = "",
    is_paid_already: bool = False,
    by: Any,
    now: datetime,
) -> Invoice:
    """Put items on a new draft. Without a payer, whoever pays for this client; without a date, the usual term. `is_paid_already`: the money
    is there, so that it is billed whatever the plan has become.

    Errors: `invoice_empty`, `currencies_differ`, `due_in_past`, `due_too_late`, `charge_not_open`, `not_in_plan`.
    """
    permissions.check_manages(by)
    if not is_paid_already:
        permissions.check_in_plan()
    if not items:
        raise DomainError("invoice_empty", translate("Put at least one amount on the %(invoice)s."))
    if len({item.price.currency for item in items}) > 1:
        raise DomainError(
            "currencies_differ", translate("The amounts are in different currencies. Make one %(invoice)s for each.")
        )
    settings, today = organization.billing_settings(), organization.today(now)
    due_on = due_on or today + timedelta(days=settings.due_days)
    if due_on < today:
        raise DomainError("due_in_past", translate("The due date has passed already."), field="due_on")
    if due_on > today + LONGEST_TERM:
        raise DomainError("due_too_late", translate("The due date is more than ten years away."), field="due_on")
    invoice = Invoice(
        client=client,
        currency=items[0].price.currency,
        prices_include_tax=settings.prices_include_tax,
        due_on=due_on,
        note=note or settings.invoice_note,
        created_at=now,
    )
    bill_to(invoice, payer or payer_for(client))
    invoice.has_chosen_payer = payer is not None
    invoice.save()
    _put_lines(invoice, items)
    audit.record(BillingAudit.INVOICE_DRAFTED, by=by, subject=invoice)
    return invoice


def _put_lines(invoice: Invoice, items: Sequence[Item]) -> None:
    charges = [item.charge.pk for item in items if item.charge]
    taken = Charge.objects.select_for_update().filter(pk__in=charges, state=Charge.State.OPEN, client=invoice.client)
    if len(taken) != len(charges):
        raise ConflictError(
            "charge_not_open", translate("One of the charges is on another %(invoice)s or waived already.")
        )
    Charge.objects.filter(pk__in=charges).update(state=Charge.State.INVOICED)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=position,
            charge=item.charge,
            description=item.description.strip()[:200],
            detail=item.detail[:200],
            amount=item.price.amount,
            currency=item.price.currency,
            tax_rate=tax.checked_rate(item.tax_rate),
        )
        for position, item in enumerate(items, start=1)
    )
    invoice.total_amount = totals_of(invoice).gross.amount
    invoice.save(update_fields=["total_amount"])


@transaction.atomic
def issue_invoice(*, invoice: Invoice, sends: bool = True, by: Any, now: datetime) -> Invoice:
    """Give it a number and the names as they are today, and send it; a payer without a mail address gets it on paper. Without `sends`,
    whoever calls tells of it.

    Errors: `not_draft`, `payer_missing`, `nothing_to_pay`.
    """
    permissions.check_manages(by)
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if locked.state != Invoice.State.DRAFT:
        raise ConflictError("not_draft", translate("This %(invoice)s has been issued already."))
    if with_present_payer(locked).payer_kind == Invoice.PayerKind.NOBODY:
        raise DomainError("payer_missing", translate("Choose who pays before issuing the %(invoice)s."), field="payer")
    if not locked.total_amount:
        raise DomainError("nothing_to_pay", translate("There is nothing to pay on this %(invoice)s."))
    today = organization.today(now)
    _keep_term(locked, today)
    locked.number = numbers.take_number(Counted.INVOICE, today.year)
    with speaking(locked):
        locked.state, locked.issuer = Invoice.State.OPEN, organization.issuer()
    locked.issued_on, locked.issued_at = today, now
    locked.issued_by = by if not isinstance(by, audit.System) else None
    locked.save()
    _print_charges(locked)
    ledger.post(Kind.INVOICED, locked.total, invoice=locked, by=by, now=now)
    audit.record(BillingAudit.INVOICE_ISSUED, by=by, subject=locked, changes={"state": ["draft", "open"]})
    if sends:
        notifications.invoice_issued(locked)
    return locked


def _keep_term(invoice: Invoice, today: date) -> None:
    """Move a due date that has passed while the invoice was a draft: as many days from its issue as it had from its drafting."""
    if invoice.due_on < today:
        invoice.due_on = today + max(invoice.due_on - organization.today(invoice.created_at), timedelta(0))


@transaction.atomic
def make_invoice(*, keep_as_draft: bool = False, by: Any, now: datetime, **draft: Any) -> Invoice:
    """Draft it and issue it at once, or nothing at all; where nobody can be mailed, it stays a draft. Errors: of both actions."""
    made = draft_invoice(by=by, now=now, **draft)
    if keep_as_draft or made.payer_kind == Invoice.PayerKind.NOBODY or not may_be_mailed(made):
        return made
    return issue_invoice(invoice=made, by=by, now=now)


@transaction.atomic
def invoice_charges(*, charges: Sequence[Charge], by: Any, now: datetime) -> Invoice:
    """Put charges of one client on an invoice, and issue it at once; it stays a draft where nobody can be mailed."""
    clients = {charge.client_id for charge in charges}
    if len(clients) != 1:
        raise DomainError(
            "clients_differ", translate("%(invoice:A|An)s %(invoice)s is for one person. Choose charges of one.")
        )
    if same_currency(charges) is None:
        raise DomainError(
            "currencies_differ", translate("The charges are in different currencies. Make one %(invoice)s for each.")
        )
    client = charges[0].client
    ordered = sorted(charges, key=lambda charge: charge.happened_at)
    items = [charge_item(charge) for charge in ordered]
    return make_invoice(client=client, items=items, by=by, now=now)


@transaction.atomic
def invoice_each(*, charges: Sequence[Charge], by: Any, now: datetime) -> list[Invoice]:
    """An invoice for each person, and each currency, of these charges; or none at all. Errors: `charges_missing`, and of `invoice_charges`."""
    if not charges:
        raise DomainError("charges_missing", translate("Choose at least one charge."))
    batches: dict[tuple[UUID, str], list[Charge]] = {}
    for charge in charges:
        batches.setdefault((charge.client_id, charge.currency), []).append(charge)
    return [invoice_charges(charges=batch, by=by, now=now) for batch in batches.values()]


def charge_item(charge: Charge) -> Item:
    """A charge as it stands on a draft, in the organization's language."""
    with translation.override(current_brand().language):
        description, detail = charge.what, _detail_of(charge, current_brand().language)
    return Item(description, charge.price, charge.tax_rate, detail=detail, charge=charge)


def _print_charges(invoice: Invoice) -> None:
    """Write what the charges were for in the payer's language, once and for all: an issued invoice is a document, and says the same for ever."""
    language = recipient_of(invoice).language
    for line in invoice.lines.filter(charge__isnull=False).select_related("charge__client"):
        with translation.override(language):
            line.description, line.detail = line.charge.what[:200], _detail_of(line.charge, language)[:200]
        line.save(update_fields=["description", "detail"])


def _detail_of(charge: Charge, language: str) -> str:
    """The day where the client lives, and with whom."""
    local = charge.happened_at.astimezone(ZoneInfo(charge.client.time_zone))
    day = format_date(local.date(), "medium", locale=locale_of(language))
    return f"{day}, {charge.practitioner_name}" if charge.practitioner_name else day


@transaction.atomic
def choose_payer(*, invoice: Invoice, payer: Payer, by: Any, now: datetime) -> Invoice:
    """Say who pays a draft. Error: `not_draft`."""
    permissions.check_manages(by)
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if locked.state != Invoice.State.DRAFT:
        raise ConflictError(
            "not_draft", translate("This %(invoice)s has been issued already; void it to bill somebody else.")
        )
    bill_to(locked, payer)
    locked.has_chosen_payer = True
    locked.save()
    audit.record(BillingAudit.INVOICE_PAYER_CHOSEN, by=by, subject=locked, changes={"payer": [None, payer.name]})
    return locked


def cancel_invoice(*, invoice: Invoice, reason: str, by: Any, now: datetime) -> Invoice:
    """Take a claim back of which no money was kept: the invoice is void. The number stays, the ledger gets a reversing row, the charges await
    an invoice again. What a payer has open ends before.

    Errors: `reason_missing`, `not_cancellable`, `payment_under_way`, and GatewayError.
    """
    permissions.check_manages(by)
    if not reason.strip():
        raise DomainError("reason_missing", translate("Say why the %(invoice)s is voided."), field="reason")
    _check_cancellable(Invoice.objects.get(pk=invoice.pk))
    payments.end_live_payments(invoice=invoice, by=by, now=now)
    return _cancel(invoice, reason=reason, by=by, now=now)


def _check_cancellable(invoice: Invoice) -> None:
    if not invoice.is_cancellable:
        raise ConflictError(
            "not_cancellable",
            translate(
                "Only an open %(invoice)s of which no money was kept can be voided. Write a credit note instead."
            ),
        )


@transaction.atomic
def _cancel(invoice: Invoice, *, reason: str, by: Any, now: datetime) -> Invoice:
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    _check_cancellable(locked)
    payments.check_none_under_way(locked)
    claim, locked.state, locked.cancelled_at, locked.cancellation_reason = (
        locked.claim,
        Invoice.State.VOID,
        now,
        reason.strip()[:200],
    )
    locked.save(update_fields=["state", "cancelled_at", "cancellation_reason"])
    issued = locked.ledger_entries.get(kind=Kind.INVOICED.value)
    entry = ledger.post(Kind.VOIDED, claim, invoice=locked, reverses=issued, reason=reason, by=by, now=now)
    Charge.objects.filter(lines__invoice=locked, state=Charge.State.INVOICED).update(state=Charge.State.OPEN)
    audit.record(
        BillingAudit.INVOICE_CANCELLED, by=by, subject=locked, changes={"state": ["open", "void"]}, reason=reason
    )
    notifications.claim_changed(entry, by=by)
    return locked


@transaction.atomic
def discard_draft(*, invoice: Invoice, by: Any, now: datetime) -> None:
    """Throw a draft away; its charges await an invoice again. Error: `not_draft`."""
    permissions.check_manages(by)
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if locked.state != Invoice.State.DRAFT:
        raise ConflictError("not_draft", translate("An issued %(invoice)s is voided, not discarded."))
    Charge.objects.filter(lines__invoice=locked, state=Charge.State.INVOICED).update(state=Charge.State.OPEN)
    audit.record(BillingAudit.INVOICE_DISCARDED, by=by, subject=locked)
    locked.delete()


@transaction.atomic
def send_invoice_again(*, invoice: Invoice, by: Any, now: datetime) -> None:
    """Mail an issued invoice once more. Errors: `not_issued`, `not_mailable` with the reason."""
    permissions.check_manages(by)
    if invoice.state in (Invoice.State.DRAFT, Invoice.State.VOID):
        raise ConflictError("not_issued", translate("Only an issued %(invoice)s can be sent."))
    if not may_be_mailed(invoice):
        raise DomainError("not_mailable", mailed_sentence(invoice))
    audit.record(BillingAudit.INVOICE_SENT_AGAIN, by=by, subject=invoice)
    notifications.invoice_sent_again(invoice, by=by)
