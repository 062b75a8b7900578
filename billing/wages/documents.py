"""The statement of one payout, or of one month, as PDF, for the eyes of whoever earned it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from billing.documents.contents import brand_parts, logo_file
from billing.documents.formatter import Formatter
from billing.documents.pdf import render_pdf
from billing.queries import organization
from billing.wages.models import Payout, WageEntry
from branding.queries import current_brand
from branding.speaking import speaking
from core.kernel.money import Money
from core.kernel.translation import labelled
from core.people.models import StaffMember


def payout_file(payout: Payout, formatter: Formatter) -> bytes:
    """What a payout pays, entry by entry. `payout` with its run and practitioner."""
    run, entries = payout.run, payout.entries.order_by("happened_at", "pk")
    with translation.override(formatter.language), speaking(payout.practitioner):
        paid = run.paid_on is not None
        facts = [[_("Up to"), formatter.day(run.until)]]
        if run.paid_on is not None:
            facts.append([_("Paid on"), formatter.day(run.paid_on)])
        stamp = {"text": _("Paid"), "tone": "success"} if paid else {"text": _("Not paid yet"), "tone": "muted"}
        sums = [{"label": _("Paid out"), "amount": formatter.money(payout.money), "strong": True}]
        content = _content(payout.practitioner, facts, stamp, list(entries), sums, formatter)
        return render_pdf("statement", content, logo=logo_file(), at=run.paid_at or run.made_at)


def month_file(
    practitioner: StaffMember, first: date, entries: Sequence[WageEntry], formatter: Formatter, *, now: datetime
) -> bytes:
    """What was earned in a month, with what of it is paid. `entries` with their payouts and runs."""
    with translation.override(formatter.language), speaking(practitioner):
        facts = [[_("Month"), formatter.month(first)], [_("Printed on"), formatter.moment(now)]]
        sums = []
        for currency in sorted({entry.currency for entry in entries}) or [organization.currency()]:
            mine = [entry for entry in entries if entry.currency == currency]
            paid = [entry for entry in mine if entry.payout is not None and entry.payout.run.is_paid]
            earned, out = _sum(mine, currency), _sum(paid, currency)
            sums += [
                {"label": _("Earned"), "amount": formatter.money(earned), "strong": True},
                {"label": _("Paid out of it"), "amount": formatter.money(out)},
                {"label": _("Not paid yet"), "amount": formatter.money(earned - out)},
            ]
        content = _content(practitioner, facts, {"text": "", "tone": ""}, entries, sums, formatter)
        return render_pdf("statement", content, logo=logo_file(), at=now)


def _content(
    practitioner: StaffMember,
    facts: list[list[str]],
    stamp: dict[str, str],
    entries: Sequence[WageEntry],
    sums: list[dict[str, Any]],
    formatter: Formatter,
) -> dict[str, Any]:
    zone = ZoneInfo(current_brand().time_zone)
    heading = _("Wage statement")
    lines = [
        {
            "what": entry.what,
            "detail": detail(entry),
            "tax": formatter.day(entry.happened_at.astimezone(zone).date()),
            "amount": formatter.money(entry.money),
        }
        for entry in entries
    ]
    return brand_parts(organization.issuer(), f"{heading} {practitioner}", formatter) | {
        "heading": heading,
        "stamp": stamp,
        "payer": {"label": _("For"), "lines": [line for line in (str(practitioner), practitioner.title) if line]},
        "facts": facts,
        "columns": [_("What"), _("When"), _("Amount")],
        "lines": lines,
        "sums": sums,
        "notes": [],
    }


def detail(entry: WageEntry) -> str:
    """Why it is this amount: the rule's sentence, what was cancelled late by name, or what kind of entry somebody made by hand."""
    kind, why = str(entry.get_kind_display()), entry.reason_sentence
    return labelled(kind, why) if entry.kind == WageEntry.Kind.CANCELLATION else why or kind


def _sum(entries: Iterable[WageEntry], currency: str) -> Money:
    return Money.total((entry.money for entry in entries), currency)
