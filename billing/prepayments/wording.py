"""Prepayments in words, in the language in force."""

from zoneinfo import ZoneInfo

from babel.dates import format_date

from billing.prepayments.models import Prepayment
from branding.queries import locale_of
from core.kernel.translation import language_in_force, translate


def line(prepayment: Prepayment) -> str:
    """What stands on the invoice."""
    if prepayment.amount == prepayment.price_amount:
        return translate("Paid in advance: %(what)s", what=prepayment.what)[:200]
    return translate("Deposit: %(what)s", what=prepayment.what)[:200]


def detail(prepayment: Prepayment) -> str:
    """The day where the client lives, and with whom."""
    local = prepayment.happens_at.astimezone(ZoneInfo(prepayment.client.time_zone))
    day = format_date(local.date(), "medium", locale=locale_of(language_in_force()))
    return f"{day}, {prepayment.practitioner_name}"[:200] if prepayment.practitioner_name else day


def rest_memo(prepayment: Prepayment) -> str:
    """Why something goes back."""
    if prepayment.used_amount:
        return translate("Less was charged than was paid in advance")
    return translate("Nothing was charged of what was paid in advance")


def late_memo(prepayment: Prepayment) -> str:  # noqa: ARG001 because all memos are asked alike
    return translate("The payment came when the time was not held any more")
