"""Cards on file are charged when due; a deposit at first visits, one place that waits for its money, one whose deposit is held."""

from datetime import datetime, timedelta

from billing.actions import payments, settlement
from billing.autopay.actions import settings as autopay
from billing.gateways.base import Card, PaymentAttempt
from billing.models import Payment
from billing.prepayments.actions import asking, settings
from billing.prepayments.actions.settings import Waiting
from billing.prepayments.models import Prepayment, PrepaymentAttempt
from billing.prepayments.queries import can_be_asked, has_payer, open_prepayment, price_left
from billing.prepayments.rules.prepaying import Ask, Terms
from billing.queries.processor import account_in_use
from billing.rules.payment_progress import PaymentState
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.scheduling.models import Appointment, Participant
from deploy.local.seed.people import Cast


def ask_in_advance(cast: Cast, *, now: datetime) -> None:
    """A quarter at a first visit; two places of the next days were asked for, and one of them was paid."""
    terms = Terms(Ask.SHARE, share=25, is_for_first_visits=True)
    settings.save_settings(terms=terms, waiting=Waiting(), by=cast.owner, now=now)
    charged = autopay.Terms("due", 3, 7, 14)
    autopay.save_settings(terms=charged, by=cast.owner, now=now)
    if not can_be_asked():
        return
    asked = 0
    ahead = Participant.objects.filter(
        is_attending=True, appointment__status=Appointment.Status.BOOKED, starts_at__gt=now + timedelta(days=2)
    )
    for place in ahead.select_related("client", "appointment__practitioner__user").order_by("starts_at")[:40]:
        price, _rate = price_left(place.appointment, place.client)
        if price is None or not price.amount or not has_payer(place.client):
            continue
        if open_prepayment(place.appointment_id, place.client) is not None:
            continue
        prepayment = asking.ask_for_prepayment(
            appointment=place.appointment,
            client=place.client,
            amount=Money(price.amount // 4, price.currency),
            due_at=now + timedelta(hours=47),
            by=cast.owner,
            now=now,
        )
        if asked == 0:
            _pay(prepayment, now)
        asked += 1
        if asked == 2:
            return


def _pay(prepayment: Prepayment, now: datetime) -> None:
    """As if the payer had paid by card an hour ago: nobody is at the card fields here."""
    account = account_in_use()
    assert account is not None
    payment: Payment = payments.note_started(prepayment.total, account, by=prepayment.payer, now=now)
    PrepaymentAttempt.objects.create(prepayment=prepayment, payment=payment)
    attempt = PaymentAttempt(
        external_id=f"pi_demo_{new_id().hex}",
        state=PaymentState.SUCCEEDED,
        amount=prepayment.total,
        card=Card("pm_demo", "visa", "4242"),
    )
    Payment.objects.filter(pk=payment.pk).update(external_id=attempt.external_id)
    settlement.apply_attempt(payment=payment, attempt=attempt, now=now)
