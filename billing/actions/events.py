"""News from the processor, for the organization in force: each event once, in whatever order they come."""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from billing.actions import accounts, cards, refunds, settlement
from billing.gateways import gateway
from billing.gateways.base import News
from billing.models import CardHolder, Payment, PaymentAccount, WebhookEvent
from billing.rules.progress import PaymentState
from core.kernel.errors import GatewayError

logger = logging.getLogger(__name__)

KNOWN = "known already"


def take_news(*, news: News, now: datetime) -> str:
    """Do what the event asks for, and note it, in one transaction. Returns what was done; a repeat does nothing."""
    news = _completed(news)
    with transaction.atomic():
        _, created = WebhookEvent.objects.get_or_create(
            event_id=news.event_id,
            defaults={"kind": news.kind, "object_id": news.object_id, "received_at": now, "outcome": ""},
        )
        if not created:
            return KNOWN
        outcome = _take(news, now)
        WebhookEvent.objects.filter(pk=news.event_id).update(outcome=outcome)
    return outcome


def _completed(news: News) -> News:
    """Events name a card by its id only: what a person recognises it by is asked for, before the transaction.

    Because an event is as true without it, a processor that cannot be asked now stops nothing.
    """
    try:
        if news.attempt is not None and news.attempt.state == PaymentState.SUCCEEDED and _is_ours(news):
            return replace(news, attempt=gateway().attempt(news.account, news.object_id))
        if news.keeping is not None and news.keeping.is_done and _holder(news) is not None:
            return replace(news, keeping=gateway().keeping(news.account, news.object_id))
    except GatewayError as error:
        logger.warning("event %s taken without its card: %s", news.event_id, error)
    return news


def _is_ours(news: News) -> bool:
    return Payment.objects.filter(external_id=news.object_id, account_id=news.account).exists()


def _holder(news: News) -> CardHolder | None:
    holder = news.keeping.holder if news.keeping else ""
    return CardHolder.objects.filter(external_id=holder, account__external_id=news.account).first()


def _take(news: News, now: datetime) -> str:
    if news.attempt is not None:
        payment = Payment.objects.filter(external_id=news.attempt.external_id, account_id=news.account).first()
        if payment is None:
            return "ignored: not a payment of ours"
        return f"payment {settlement.take_attempt(payment=payment, attempt=news.attempt, now=now).state}"
    if news.refund is not None:
        payment = Payment.objects.filter(external_id=news.refund.payment, account_id=news.account).first()
        return refunds.take_refund(payment=payment, news=news.refund, now=now) if payment else "ignored: not ours"
    if news.facts is not None:
        account = PaymentAccount.objects.filter(external_id=news.facts.external_id).first()
        return (
            f"account {accounts.take_account(account=account, facts=news.facts, now=now).state}"
            if account
            else "ignored"
        )
    if news.keeping is not None and news.keeping.is_done and news.keeping.card is not None:
        holder = _holder(news)
        if holder is not None:
            cards.keep_card(holder=holder, card=news.keeping.card, now=now)
            return "card kept"
    return "ignored"
