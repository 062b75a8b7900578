"""Invoices added up, and what awaits one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from billing.models import Charge, Invoice, InvoiceLine, LedgerEntry
from billing.rules import balances as rules
from billing.rules import tax
from billing.rules.balances import Standing
from core.kernel.money import Money
from core.people.models import Client


@dataclass(frozen=True)
class Balance:
    """What one client owes in one currency; below zero is credit."""

    client: Client
    amount: Money


def is_paid_appointment(clients: "QuerySet[Client]") -> Any:
    """Of an appointment, in the same question: whether all that was charged for it is paid; only where all of it is of these clients.

    What was waived does not count.
    """
    charges = Charge.objects.filter(appointment_id=OuterRef("pk")).exclude(state=Charge.State.WAIVED).order_by()
    lines = InvoiceLine.objects.filter(charge=OuterRef("pk"), invoice__state=Invoice.State.PAID).order_by()
    is_met = Q(state__in=[Charge.State.MET, Charge.State.PREPAID])
    is_paid = Q(Q(Exists(lines)) | is_met, client__in=clients.order_by().values("pk"))
    return Exists(charges) & ~Exists(charges.filter(~is_paid))


def totals_of(invoice: Invoice) -> tax.Totals:
    """The invoice added up from its lines."""
    return tax.totals_of(
        (line.as_taxed for line in invoice.lines.all()),
        currency=invoice.currency,
        included=invoice.prices_include_tax,
    )


def totals_of_charges(charges: "QuerySet[Charge]") -> list[Money]:
    """What these charges come to, one amount for each currency."""
    sums = charges.order_by().values("currency").annotate(sum=Sum("amount")).order_by("currency")
    return [Money(int(row["sum"]), row["currency"]) for row in sums]


def open_invoices_of(client: Client) -> "QuerySet[Invoice]":
    """What is asked for and not settled, the oldest first."""
    return Invoice.objects.filter(client=client, state=Invoice.State.OPEN).order_by("issued_at", "pk")


def sums_due(invoices: "QuerySet[Invoice]") -> dict[str, tuple[Money, int]]:
    """What these open invoices still ask for, and how many they are, by currency; added up where they are, however many there are.

    Nothing of an open invoice was paid beyond its claim (`billing.rules.balances`), so that none takes away from the others.
    """
    due = Sum(F("total_amount") - F("credited_amount") - F("paid_amount") + F("refunded_amount") + F("disputed_amount"))
    rows = invoices.order_by().values("currency").annotate(due=due, count=Count("pk")).order_by("currency")
    return {row["currency"]: (Money(int(row["due"]), row["currency"]), row["count"]) for row in rows}


def sums_by_currency(amounts: Iterable[Money]) -> list[Money]:
    """These amounts added up, one sum for each currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return list(sums.values())


def balances(clients: "QuerySet[Client]") -> list[Balance]:
    """Who owes what, of these clients; settled ones are left out. One query for the sums, one for the clients."""
    return balances_in(unsettled(clients))


def unsettled(clients: "QuerySet[Client]") -> "QuerySet[LedgerEntry, dict[str, Any]]":
    """Client, currency and sum of those who owe or have credit, who owes most first; for a page of them, take a part."""
    sums = _entries_of(clients).order_by().values("client_id", "currency").annotate(sum=Sum("amount")).exclude(sum=0)
    # Of equal ones the client who has been here longer is first: by name, every entry would have to be joined with its client.
    return sums.order_by("-sum", "client_id", "currency")


def balances_in(rows: "Iterable[dict[str, Any]]") -> list[Balance]:
    """The same rows with their clients, in their order."""
    rows = list(rows)
    found = Client.objects.in_bulk([row["client_id"] for row in rows])
    return [Balance(found[row["client_id"]], Money(int(row["sum"]), row["currency"])) for row in rows]


def sums_of_balances(clients: "QuerySet[Client]") -> list[Money]:
    """What all these clients owe together, less what they have as credit, by currency; currencies in which nothing is owed are left out."""
    sums = (
        _entries_of(clients)
        .order_by()
        .values("currency")
        .annotate(sum=Sum("amount"))
        .exclude(sum=0)
        .order_by("currency")
    )
    return [Money(int(row["sum"]), row["currency"]) for row in sums]


def _entries_of(clients: "QuerySet[Client]") -> "QuerySet[LedgerEntry]":
    """The entries of these clients; where nobody is left out, without asking of each entry whose it is."""
    if not clients.query.where and not clients.query.is_sliced:
        return LedgerEntry.objects.all()
    return LedgerEntry.objects.filter(client__in=clients.order_by().values("pk"))


def balance_of(client: Client, currency: str) -> Money:
    """What the client owes in this currency, from the ledger."""
    found = LedgerEntry.objects.filter(client=client, currency=currency).aggregate(sum=Sum("amount"))["sum"]
    return Money(int(found or 0), currency)


def standing_of(invoice: Invoice) -> Standing:
    """Where the invoice stands, from its rows in the ledger. One query."""
    sums = invoice.ledger_entries.order_by().values("kind").annotate(sum=Sum("amount"))
    return rules.standing_of(
        (rules.Entry(rules.Kind(row["kind"]), Money(abs(int(row["sum"])), invoice.currency)) for row in sums),
        invoice.currency,
    )


def same_currency(claims: Iterable[Invoice | Charge]) -> str | None:
    """The one currency of these claims, or None if they differ."""
    found = {claim.currency for claim in claims}
    return found.pop() if len(found) == 1 else None
