"""What was tried with the card on file, in an invoice's history."""

from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.autopay.models import CardCharge
from billing.autopay.queries import tries_of
from billing.models import Invoice
from branding.queries import locale_of
from core.kernel.translation import labelled
from portal.billing.presenters import TimelineEntry

TONES = {CardCharge.Outcome.PAID: "success", CardCharge.Outcome.UNDER_WAY: "info"}


def with_tries(events: list[TimelineEntry], invoice: Invoice) -> list[TimelineEntry]:
    """The history, with each try among it."""
    tries = [_event(each) for each in tries_of(invoice)]
    return sorted([*events, *tries], key=lambda event: event.at)


def _event(charge: CardCharge) -> TimelineEntry:
    title = labelled(_("Card on file charged"), str(charge.card or charge.payment.words))
    tone = TONES.get(CardCharge.Outcome(charge.outcome), "danger")
    return TimelineEntry(charge.made_at, title, "credit-card", tone, _by(charge), _note(charge))


def _by(charge: CardCharge) -> str:
    return _("by itself") if charge.kind == CardCharge.Kind.RULE else charge.made_by


def _note(charge: CardCharge) -> str:
    parts: list[Any] = [str(CardCharge.Outcome(charge.outcome).label)]
    if charge.outcome in (CardCharge.Outcome.REFUSED, CardCharge.Outcome.NEEDS_PAYER):
        parts = [charge.payment.failure_sentence or parts[0]]
    if charge.next_on is not None:
        day = format_date(charge.next_on, "medium", locale=locale_of(get_language() or "en"))
        parts.append(_("Tried again on %(day)s.") % {"day": day})
    return " ".join(parts)
