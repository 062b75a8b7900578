"""What is open, by how long it has been overdue."""

from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from billing.models import Invoice
from billing.rules.ageing import Age, due_between
from core.kernel.money import Money

_DUE = F("total_amount") - F("credited_amount") - F("paid_amount") + F("refunded_amount") + F("disputed_amount")


def is_of_age(age: Age, today: date) -> Q:
    """Open invoices that are overdue for as long as this says."""
    first, last = due_between(age, today)
    found = Q(state=Invoice.State.OPEN)
    if first is not None:
        found &= Q(due_on__gte=first)
    return found if last is None else found & Q(due_on__lte=last)


def sums_by_age(invoices: "QuerySet[Invoice]", today: date) -> dict[str, dict[Age, Money]]:
    """What is still due of these, by currency and age. One query."""
    sums = {age.name: Sum(_DUE, filter=is_of_age(age, today)) for age in Age}
    rows = invoices.filter(state=Invoice.State.OPEN).order_by().values("currency").annotate(**sums)
    return {
        row["currency"]: {age: Money(int(row[age.name] or 0), row["currency"]) for age in Age}
        for row in rows.order_by("currency")
    }
