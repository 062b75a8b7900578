"""Our side of a comparison, from the books; and the last comparison."""

from datetime import datetime

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from billing.models import Dispute, Invoice, LedgerEntry, Payment, Refund
from billing.reconciliation.models import Reconciliation
from billing.reconciliation.rules.comparison import Found, Kind, Subject, added
from billing.rules import balances
from core.kernel.money import Money

_BROUGHT = [balances.Kind.PAID.value, balances.Kind.PAYMENT_REVERSED.value]


def last_reconciliation() -> Reconciliation | None:
    return Reconciliation.objects.first()


def our_payments(account: str, since: datetime | None) -> dict[str, Money]:
    """What came in by card through the account, by the processor's number."""
    found = Payment.objects.filter(account_id=account, state=Payment.State.SUCCEEDED, external_id__isnull=False)
    if since is not None:
        found = found.filter(succeeded_at__gte=since)
    rows = found.order_by().values_list("external_id", "amount", "currency")
    return {str(key): Money(amount, currency) for key, amount, currency in rows}


def our_refunds(account: str, since: datetime | None) -> dict[str, Money]:
    """What went back; parts of one refund for several invoices added up."""
    found = Refund.objects.filter(payment__account_id=account, state=Refund.State.SUCCEEDED, external_id__isnull=False)
    if since is not None:
        found = found.filter(ledger_entries__at__gte=since).distinct()
    rows = found.order_by().values_list("external_id", "amount", "currency")
    return added((str(key).partition(":")[0], Money(amount, currency)) for key, amount, currency in rows)


def our_disputes(account: str, since: datetime | None) -> dict[str, Money]:
    """What banks hold back, booked or not."""
    found = Dispute.objects.filter(payment__account_id=account)
    if since is not None:
        found = found.filter(heard_at__gte=since)
    rows = found.order_by().values_list("external_id", "booked_amount", "unbooked_amount", "currency")
    return {key: Money(booked + unbooked, currency) for key, booked, unbooked, currency in rows}


def ledger_differences(since: datetime | None) -> list[Found]:
    """Payments that succeeded whose rows in the ledger are not what they brought; of every way to pay. One query."""
    found = Payment.objects.filter(state=Payment.State.SUCCEEDED)
    if since is not None:
        found = found.filter(succeeded_at__gte=since)
    brought = Coalesce(Sum("ledger_entries__amount", filter=Q(ledger_entries__kind__in=_BROUGHT)), 0)
    rows = found.order_by().annotate(brought=-brought).exclude(brought=F("amount"))
    return [
        Found(Subject.LEDGER, Kind.AMOUNT, str(row.pk), Money(int(row.brought), row.currency), row.money)
        for row in rows
    ]


def invoice_differences() -> list[Found]:
    """Issued invoices whose balance is not what their rows come to. One query."""
    issued = Invoice.objects.exclude(state=Invoice.State.DRAFT)
    kept = F("paid_amount") - F("refunded_amount") - F("disputed_amount")
    rows = (
        issued.order_by()
        .annotate(
            rows=Coalesce(Sum("ledger_entries__amount"), 0), balance=F("total_amount") - F("credited_amount") - kept
        )
        .exclude(state=Invoice.State.VOID, rows=F("balance") - F("total_amount") + F("credited_amount"))
        .exclude(~Q(state=Invoice.State.VOID), rows=F("balance"))
    )
    return [
        Found(
            Subject.INVOICE, Kind.AMOUNT, str(row.pk), row.standing.balance, Money(int(row.rows), row.currency)
        )
        for row in rows
    ]  # fmt: skip


def payments_by_key(keys: set[str], account: str) -> dict[str, Payment]:
    """Payments of ours by the processor's number."""
    return {str(each.external_id): each for each in Payment.objects.filter(external_id__in=keys, account_id=account)}


def sums_of_rows(payment: Payment) -> int:
    """What the payment has brought, as the ledger has it, in minor units."""
    found = LedgerEntry.objects.filter(payment=payment, kind__in=_BROUGHT).aggregate(sum=Sum("amount"))["sum"]
    return -int(found or 0)
