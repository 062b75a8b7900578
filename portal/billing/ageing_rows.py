"""Open invoices by age, and the list of invoices as a file. Amounts enter here only for what a queryset has let through."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Invoice
from billing.rules.ageing import Age, days_overdue
from core.kernel.money import Money
from portal.billing.presenters import shown
from portal.csv_files import typed

LABELS = {
    Age.NOT_DUE: gettext_lazy("Not due yet"),
    Age.TO_30: gettext_lazy("1 to 30 days"),
    Age.TO_60: gettext_lazy("31 to 60 days"),
    Age.TO_90: gettext_lazy("61 to 90 days"),
    Age.OVER_90: gettext_lazy("Over 90 days"),
}


def rows(sums: Mapping[str, Mapping[Age, Money]], asked: Age | None) -> list[dict[str, Any]]:
    """One row for each currency, with a link from each age to its invoices."""
    return [
        {
            "currency": currency,
            "cells": [
                {
                    "label": LABELS[age],
                    "amount": shown(amount) if amount else "",
                    "url": f"?{urlencode({'age': age})}",
                    "current": age == asked,
                }
                for age, amount in by_age.items()
            ],
            "total": shown(Money.total(by_age.values(), currency)),
        }
        for currency, by_age in sums.items()
    ]


def head() -> list[str]:
    """The titles of the file's columns."""
    return [
        _("Number"), _("For"), _("Who pays"), _("Issued on"), _("Due on"), _("Days overdue"), _("State"), _("Currency"),
        _("Total"), _("Credited"), _("Paid"), _("Refunded"), _("Due"),
    ]  # fmt: skip


def file_row(invoice: Invoice, today: date) -> list[str]:
    """One invoice in the file; amounts with a point, as programs read them."""
    overdue = days_overdue(invoice.due_on, today) if invoice.due else 0
    amounts = (invoice.total, invoice.credited, invoice.paid, invoice.refunded, invoice.due)
    return [
        invoice.number or "",
        typed(invoice.client.name),
        typed(invoice.payer_name),
        str(invoice.issued_on or ""),
        str(invoice.due_on),
        str(overdue),
        _(invoice.get_state_display()),
        invoice.currency,
        *(str(amount.decimal) for amount in amounts),
    ]
