"""Payments at the sandbox, by the processor's own library."""

from typing import Any

import stripe

USD = {"amount": 12_000, "currency": "usd"}


def pay(
    client: stripe.StripeClient, method: str = "pm_card_visa", account: str | None = None, **params: Any
) -> stripe.PaymentIntent:
    """An intent over 120 dollars, confirmed with a test card."""
    options = {"stripe_account": account} if account else {}
    return client.v1.payment_intents.create({**USD, "payment_method": method, "confirm": True, **params}, {**options})
