"""Events of the processor, for the organization in force: each event once, in whatever order they come."""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import OperationalError, transaction

from billing.actions import accounts, card_links, cards, disputes, processor_payouts, refunds, settlement
from billing.actions.payments import refresh_payment
from billing.gateways import gateway
from billing.gateways.base import Event
from billing.models import Customer, Payment, PaymentAccount, WebhookEvent
from billing.rules.payment_progress import PaymentState
from core.kernel.errors import GatewayError
from tenants import outages

logger = logging.getLogger(__name__)

KNOWN = "known already"
FAILED = "failed"
MOST_OUTCOME = 200  # characters


def apply_event(*, event: Event, now: datetime) -> str:
    """Do what the event asks for, and note it, in one transaction. Returns what was done; a repeat does nothing.

    An event that cannot be read or applied is noted as such. Raises only when the database is away.
    """
    try:
        event = _completed(event, now)
        with transaction.atomic():
            known, created = WebhookEvent.objects.get_or_create(event_id=event.event_id, defaults=_as_row(event, now))
            if not created and not known.outcome.startswith(FAILED):
                return KNOWN
            outcome = f"ignored: {event.oddity}" if event.oddity else _apply(event, now)
            WebhookEvent.objects.filter(pk=event.event_id).update(outcome=outcome[:MOST_OUTCOME])
    except Exception as error:  # noqa: BLE001 because whatever is odd about an event, sending it again for days cures nothing
        if isinstance(error, OperationalError) or outages.is_outage(error):
            raise  # but this does: it was not the event
        return _failed(event, error, now)
    return outcome


def _failed(event: Event, error: Exception, now: datetime) -> str:
    """Note that it could not be applied, in nothing but its name, because nobody knows what is in it. A repeat is tried anew."""
    logger.exception("payment event %s (%s) could not be applied", event.event_id, event.kind)
    outcome = f"{FAILED}: {type(error).__name__}"
    WebhookEvent.objects.update_or_create(
        event_id=event.event_id, defaults={**_as_row(event, now), "outcome": outcome[:MOST_OUTCOME]}
    )
    return outcome


def _as_row(event: Event, now: datetime) -> dict[str, object]:
    return {"kind": event.kind, "object_id": event.object_id, "received_at": now, "outcome": ""}


def _completed(event: Event, now: datetime) -> Event:
    """Events name a card by its id only: what a person recognises it by is asked for, before the transaction. So is how a refund stands
    now, because its events say nothing of their order.

    Because an event is as true without it, a processor that cannot be asked now stops nothing.
    """
    try:
        if event.attempt is not None and event.attempt.state == PaymentState.SUCCEEDED and _is_ours(event):
            return replace(event, attempt=gateway().retrieve_payment(event.account, event.object_id))
        if event.card_setup is not None and event.card_setup.is_done and _customer(event) is not None:
            return replace(event, card_setup=gateway().retrieve_card_setup(event.account, event.object_id))
        if event.refund is not None and Payment.objects.filter(external_id=event.refund.payment).exists():
            return replace(event, refund=gateway().retrieve_refund(event.account, event.object_id))
        if event.dispute is not None and (payment := _payment_of(event, event.dispute.payment)) is not None:
            refresh_payment(payment=payment, now=now)  # because news of a dispute may come before those of the payment
            return replace(event, dispute=gateway().retrieve_dispute(event.account, event.object_id))
    except GatewayError as error:
        logger.warning("event %s taken without its card: %s", event.event_id, error)
    return event


def _is_ours(event: Event) -> bool:
    return Payment.objects.filter(external_id=event.object_id, account_id=event.account).exists()


def _payment_of(event: Event, external_id: str) -> Payment | None:
    """The payment of ours with this id at the processor, on the account that the event is of."""
    return Payment.objects.filter(external_id=external_id, account_id=event.account).first() if external_id else None


def _customer(event: Event) -> Customer | None:
    customer = event.card_setup.customer if event.card_setup else ""
    return Customer.objects.filter(external_id=customer, account__external_id=event.account).first()


def _apply(event: Event, now: datetime) -> str:
    if event.attempt is not None:
        payment = Payment.objects.filter(external_id=event.attempt.external_id, account_id=event.account).first()
        if payment is None:
            return "ignored: not a payment of ours"
        return f"payment {settlement.apply_attempt(payment=payment, attempt=event.attempt, now=now).state}"
    if event.refund is not None:
        payment = Payment.objects.filter(external_id=event.refund.payment, account_id=event.account).first()
        return refunds.apply_refund(payment=payment, result=event.refund, now=now) if payment else "ignored: not ours"
    if event.dispute is not None:
        payment = _payment_of(event, event.dispute.payment)
        if payment is None:
            return "ignored: not a payment of ours"
        return f"dispute {disputes.apply_dispute(payment=payment, facts=event.dispute, now=now).state}"
    if event.payout is not None:
        return processor_payouts.apply_payout(account=event.account, facts=event.payout, now=now)
    if event.ends_connection:
        return accounts.lose_account(external_id=event.account, now=now)
    if event.facts is not None:
        account = PaymentAccount.objects.filter(external_id=event.facts.external_id).first()
        return (
            f"account {accounts.apply_account(account=account, facts=event.facts, now=now).state}"
            if account
            else "ignored"
        )
    if event.card_setup is not None and event.card_setup.is_done and event.card_setup.card is not None:
        customer = _customer(event)
        if customer is not None and card_links.finish_by_event(event.card_setup, now=now):
            return "card saved by link"
        if customer is not None:
            cards.save_card(customer=customer, card=event.card_setup.card, now=now)
            return "card saved"
    if event.kind == "payment_method.detached":
        return cards.note_removed(external_id=event.object_id, account=event.account, now=now)
    return "ignored"
