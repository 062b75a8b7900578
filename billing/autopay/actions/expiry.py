"""Cards that expire: their holder is asked for a newer one, once."""

from datetime import datetime

from django.db import transaction

from billing.autopay import notifications
from billing.autopay.audit_codes import AutopayAudit
from billing.autopay.models import ExpiryNotice
from billing.autopay.rules.charging import expires_soon
from billing.models import SavedCard
from billing.queries import organization
from billing.queries.card_links import mandates_in_force
from core.kernel import audit


def watch_expiry(*, now: datetime) -> None:
    """Ask the holders of cards that expire this month or the next, of those that may be charged. A nightly job; each is asked once."""
    today = organization.today(now)
    allowed = mandates_in_force().values("card")
    for card in SavedCard.objects.filter(pk__in=allowed).select_related("customer__user"):
        if expires_soon(card.expires_year, card.expires_month, today) and card.customer.user.is_active:
            _ask(card, now)


@transaction.atomic
def _ask(card: SavedCard, now: datetime) -> None:
    _, is_new = ExpiryNotice.objects.get_or_create(
        card=card,
        expires_year=card.expires_year,
        expires_month=card.expires_month,
        defaults={"told_at": now},
    )
    if is_new:
        audit.record(AutopayAudit.CARD_EXPIRY_TOLD, by=audit.SYSTEM, subject=card)
        notifications.card_expires(card)
