"""What pages about packages show. Amounts enter here, and only for what a door has let through."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.packages import queries, wording
from billing.packages.models import Package, Purchase, UnitEntry
from billing.packages.rules.package_terms import worth
from billing.packages.rules.unit_use import HOUR, ONE, Unit
from core.kernel.money import Money
from portal.billing.presenters import per_cent, shown

TONES = {"waiting": "warning", "frozen": "info", "over": "neutral", "empty": "neutral", "current": "success"}


def pages(current: str) -> list[dict[str, Any]]:
    """The three lists for whoever sells packages."""
    found = (
        ("sold", _("Sold"), "billing:packages"),
        ("offers", _("On offer"), "billing:package-offers"),
        ("settings", _("How they work"), "billing:package-settings"),
    )
    return [{"label": label, "url": reverse(name), "current": key == current} for key, label, name in found]


def state_of(purchase: Purchase, left: int, today: date) -> tuple[str, str]:
    """How it stands, and in words."""
    if not purchase.is_released:
        draft = purchase.invoice.state == Invoice.State.DRAFT
        return "waiting", _("Not issued yet") if draft else _("Not paid yet")
    if not left:
        return "empty", _("Nothing left")
    if purchase.expires_on is not None and purchase.expires_on < today:
        return "over", _("Ended")
    if purchase.frozen_from and purchase.frozen_until and purchase.frozen_from <= today <= purchase.frozen_until:
        return "frozen", _("Frozen")
    return "current", _("Can be used")


def purchase_rows(purchases: Sequence[Purchase], today: date) -> list[dict[str, Any]]:
    """Packages that were sold: two questions, however many there are."""
    left = queries.units_left(purchases)
    return [purchase_row(each, left[each.pk], today) for each in purchases]


def purchase_row(purchase: Purchase, left: int, today: date) -> dict[str, Any]:
    state, words = state_of(purchase, left, today)
    frozen_later = bool(purchase.frozen_until and purchase.frozen_until >= today)
    return {
        "pk": purchase.pk,
        "name": purchase.own_name,
        "client": purchase.client,
        "left": wording.left_in_words(purchase, left if purchase.is_released else purchase.units),
        "worth": shown(queries.value_left(purchase, left)) if left else "",
        "share": 100 * left // purchase.units if purchase.is_released else 0,
        "expires_on": purchase.expires_on,
        "frozen": (purchase.frozen_from, purchase.frozen_until) if frozen_later else None,
        "state": words,
        "tone": TONES[state],
        "is_current": state in ("current", "frozen"),
        "is_waiting": state == "waiting",
        "invoice": purchase.invoice,
    }


def entry_rows(purchase: Purchase, entries: Iterable[UnitEntry]) -> list[dict[str, Any]]:
    """Every row of the ledger of units, with what was left after it."""
    rows, left = [], 0
    for entry in entries:
        left += entry.units
        rows.append(
            {
                "at": entry.at,
                "day": entry.happened_on,
                "what": _what(entry),
                "note": entry.reason_sentence,
                "by": entry.by,
                "units": _signed(entry, purchase),
                "left": wording.said(left, purchase),
                "worth": shown(Money(entry.value, purchase.currency)) if entry.value else "",
                "appointment": entry.appointment_id,
            }
        )
    return rows[::-1]


def _what(entry: UnitEntry) -> str:
    if entry.kind != UnitEntry.Kind.FROZEN:
        return str(entry.get_kind_display())
    if entry.days < 0:
        return _("Freeze ended: %(days)s days fewer") % {"days": -entry.days}
    return _("Frozen: %(days)s days more") % {"days": entry.days}


def _signed(entry: UnitEntry, purchase: Purchase) -> str:
    if not entry.units:
        return "–"
    return f"{'+' if entry.units > 0 else '−'}{wording.said(abs(entry.units), purchase)}"


def facts(purchase: Purchase) -> list[tuple[str, str]]:
    """What was agreed."""
    services = ", ".join(str(service) for service in purchase.services.all())
    found = [
        (_("Price"), shown(purchase.price)),
        (_("For"), services if not purchase.covers_all else _("Everything")),
    ]
    if (unit := unit_price(purchase)) is not None:
        found.insert(1, unit)
    if purchase.weekly_limit is not None:
        found.append((_("At most in a week"), wording.said(purchase.weekly_limit, purchase)))
    return found


def unit_price(purchase: Purchase) -> tuple[str, str] | None:
    """What one unit costs, for accounting; of money there is none."""
    if purchase.counts == Unit.APPOINTMENT:
        return _("Price per unit"), shown(worth(purchase.price, ONE, purchase.units))
    if purchase.counts == Unit.HOUR:
        return _("Price per hour"), shown(worth(purchase.price, HOUR, purchase.units))
    return None


def offer_row(package: Package) -> dict[str, Any]:
    """A package on offer."""
    services = ", ".join(str(service) for service in package.services.all())
    return {
        "package": package,
        "contents": wording.contents(package),
        "validity": _validity(package),
        "services": _("Everything") if package.covers_all else services,
        "limit": wording.said(package.weekly_limit, package) if package.weekly_limit is not None else "",
        "tax": per_cent(package.tax_rate) if package.tax_rate else "",
        "price": shown(package.price),
    }


def _validity(package: Package) -> str:
    if package.valid_count is None:
        return _("without end")
    if package.valid_period == Package.Counted.DAYS:
        return _("%(count)s days") % {"count": package.valid_count}
    return _("%(count)s months") % {"count": package.valid_count}
