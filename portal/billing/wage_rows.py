"""What pages about wages show. Amounts enter here, and only for what a door has let through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.wages import queries
from billing.wages.documents import detail
from billing.wages.models import Payout, PayoutRun, WageEntry, WageRate
from billing.wages.rules.payout import Sums
from branding.queries import current_brand, locale_of
from core.kernel.money import Money
from core.people.models import StaffMember
from portal.billing.presenters import per_cent, shown


@dataclass(frozen=True)
class EntryRow:
    """One entry in a list. `day`: of what was entered by hand, which has no time of day; it is the same for whoever reads it wherever."""

    what: str
    detail: str
    at: datetime
    day: date | None
    amount: str
    is_below_zero: bool
    state: str
    tone: str
    appointment: UUID | None


def pages(current: str) -> list[dict[str, Any]]:
    """The two lists for whoever manages wages."""
    found = (("people", _("%(Practitioners)s"), "billing:wages"), ("runs", _("Payouts"), "billing:payout-runs"))
    return [{"label": label, "url": reverse(name), "current": key == current} for key, label, name in found]


def payee_rows(payees: Sequence[StaffMember]) -> list[dict[str, Any]]:
    """Each with what is owed to them, in each currency."""
    owed_to: dict[UUID, list[queries.Balance]] = {}
    for balance in queries.balances(payees):
        owed_to.setdefault(balance.practitioner_id, []).append(balance)
    return [
        {
            "payee": payee,
            "owed": [shown(balance.money) for balance in owed_to.get(payee.pk, [])],
            "entries": sum(balance.entries for balance in owed_to.get(payee.pk, [])),
            "is_below_zero": any(balance.money.amount < 0 for balance in owed_to.get(payee.pk, [])),
        }
        for payee in payees
    ]


def owed(payee: StaffMember) -> list[dict[str, Any]]:
    """What is owed to one person, in each currency."""
    return [
        {"amount": shown(balance.money), "entries": balance.entries, "is_below_zero": balance.money.amount < 0}
        for balance in queries.balances([payee])
    ]


def entry_rows(entries: Iterable[WageEntry]) -> list[EntryRow]:
    zone = ZoneInfo(current_brand().time_zone)
    return [_entry_row(entry, zone) for entry in entries]


def _entry_row(entry: WageEntry, zone: ZoneInfo) -> EntryRow:
    state, tone = _("Not paid yet"), "info"
    if entry.payout is not None:
        is_paid = entry.payout.run.is_paid
        state, tone = (_("Paid"), "success") if is_paid else (_("In a payout"), "neutral")
    return EntryRow(
        what=entry.what,
        detail=detail(entry),
        at=entry.happened_at,
        day=entry.happened_at.astimezone(zone).date() if entry.appointment_id is None else None,
        amount=shown(entry.money),
        is_below_zero=entry.amount < 0,
        state=state,
        tone=tone,
        appointment=entry.appointment_id,
    )


def sums(entries: Sequence[WageEntry]) -> list[str]:
    """What these come to, in each currency."""
    currencies = sorted({entry.currency for entry in entries})
    return [shown(Money.total((e.money for e in entries if e.currency == code), code)) for code in currencies]


def rate_rows(payee: StaffMember) -> list[dict[str, Any]]:
    """The rates of one person, those of services first."""
    found = WageRate.objects.filter(practitioner=payee).select_related("service")
    ordered = sorted(found, key=lambda rate: (rate.service is None, str(rate.service or "").casefold()))
    return [
        {"rate": rate, "service": rate.service, "service_id": str(rate.service_id or ""), "words": rate_words(rate)}
        for rate in ordered
    ]


def rate_words(rate: WageRate) -> str:
    """“45,00 € each time”, “30 % of the price”."""
    if rate.share is not None:
        return _("%(share)s of the price") % {"share": per_cent(rate.share.normalize())}
    words = {"amount": shown(rate.terms.amount)}  # type: ignore[arg-type]  # one that is no share has an amount
    return _("%(amount)s per hour") % words if rate.basis == WageRate.Counts.HOUR else _("%(amount)s each time") % words


def payout_row(payout: Payout) -> dict[str, Any]:
    run = payout.run
    return {
        "pk": payout.pk, "payee": payout.practitioner, "amount": shown(payout.money), "until": run.until,
        "paid_on": run.paid_on, **_state(run),
    }  # fmt: skip


def run_row(run: PayoutRun, *, people: int, total: int) -> dict[str, Any]:
    """One payout of several people."""
    return {
        "run": run, "until": run.until, "people": people, "total": shown(Money(total, run.currency)), **_state(run),
    }  # fmt: skip


def due_rows(sums_seen: Sums) -> dict[str, list[dict[str, Any]]]:
    """Who would be paid, and who would not, with names."""
    people = StaffMember.objects.select_related("user").in_bulk([*sums_seen.paid, *sums_seen.kept])
    ordered = sorted(people.values(), key=lambda person: (person.user.sort_key, str(person.pk)))
    return {
        name: [{"payee": person, "amount": shown(found[person.pk])} for person in ordered if person.pk in found]
        for name, found in (("paid", sums_seen.paid), ("kept", sums_seen.kept))
    }


def _state(run: PayoutRun) -> dict[str, str]:
    return {"state": _("Paid"), "tone": "success"} if run.is_paid else {"state": _("Not paid yet"), "tone": "warning"}


def next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def month_words(first: date) -> str:
    """“November 2026”, as the reader writes it."""
    return format_date(first, "LLLL y", locale=locale_of(get_language() or "en"))


def uuid_in(text: str) -> UUID | None:
    """The id in an address, which people may have typed."""
    try:
        return UUID(text)
    except ValueError:
        return None
