"""Makers of prepayments, by the same actions as the product's."""

from datetime import timedelta
from typing import Any

from billing.actions.payments import refresh_payment
from billing.models import Payment
from billing.prepayments.actions import asking, paying, settings
from billing.prepayments.actions.settings import Waiting
from billing.prepayments.models import Prepayment
from billing.prepayments.rules.prepaying import Ask, Terms
from core.kernel.money import Money
from core.scheduling.models import Appointment
from tests.factories.till import appointment_of

FULL, NOTHING = Terms(Ask.FULL), Terms(Ask.NOTHING)


def deposit(cents: int, currency: str = "EUR", **more: Any) -> Terms:
    return Terms(Ask.AMOUNT, Money(cents, currency), **more)


def rule(till: Any, terms: Terms, **waiting: Any) -> None:
    """The rule for everything."""
    settings.save_settings(terms=terms, waiting=Waiting(**waiting), by=till.nora, now=till.now)


def ahead(till: Any, *clients: Any, days: int = 3) -> Appointment:
    """Tess sees these clients in some days."""
    made = appointment_of(till, *clients)
    starts_at = till.now + timedelta(days=days)
    Appointment.objects.filter(pk=made.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45))
    made.refresh_from_db()
    return made


def ask(
    till: Any, appointment: Appointment, client: Any = None, cents: int = 2000, hours: int = 48, **more: Any
) -> Prepayment:
    """Asked for by Nora."""
    values = {
        "amount": Money(cents, "EUR"),
        "due_at": till.now + timedelta(hours=hours),
        "by": till.nora,
        "now": till.now,
    }
    return asking.ask_for_prepayment(appointment=appointment, client=client or till.cora, **values | more)


def begin(shop: Any, prepayment: Prepayment, *, now: Any = None) -> Payment:
    return paying.start(prepayment=prepayment, now=now or shop.now).payment


def pay(shop: Any, prepayment: Prepayment, card: str = "pm_card_visa") -> Payment:
    """By card, and the product has looked."""
    payment = begin(shop, prepayment)
    shop.processor.pay(shop.account.external_id, payment.external_id, card)
    payment = refresh_payment(payment=payment, now=shop.now)
    prepayment.refresh_from_db()
    return payment
