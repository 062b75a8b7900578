"""The payment sandbox beside the tests: the real library talks to it, and its webhooks are handed on to the product."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import stripe

from billing import gateways
from deploy.local.payments.ledger import Ledger
from deploy.local.payments.sandbox import Sandbox
from deploy.local.payments.webhooks import configured_endpoint
from tests.local.serving import Receiver, eventually, get, post, serving

SECRET = "whsec_tests"  # the one in deploy.settings.test


@dataclass
class Processor:
    """What a test does as the processor's other side: its dashboard, a payer's browser, the postman."""

    url: str
    receiver: Receiver
    client: stripe.StripeClient

    def onboard(self, account: str) -> None:
        """The owner fills the processor's form."""
        post(f"{self.url}/_sandbox/accounts/{account}/onboard")

    def pay(self, account: str, intent: str, card: str = "pm_card_visa") -> Any:
        """What the payer's browser does with the card fields."""
        options = {"stripe_account": account}
        return self.client.v1.payment_intents.confirm(
            intent, {"payment_method": card, "return_url": "http://x.test/"}, options
        )

    def delivered(self, kind: str, count: int = 1) -> list[tuple[dict[str, str], bytes]]:
        """Headers and raw bodies of the webhooks of a type, once that many have arrived."""
        marker = f'"type": "{kind}"'.encode()

        def found() -> list[tuple[dict[str, str], bytes]]:
            return [(headers, body) for headers, body in list(self.receiver.got) if marker in body]

        eventually(lambda: len(found()) >= count, seconds=15)
        return found()


@contextmanager
def processor_running(receiver: Receiver) -> Iterator[str]:
    endpoints = [configured_endpoint(receiver.url, SECRET)]
    with serving(lambda url: Sandbox(Ledger(), endpoints, url, first_pause=0.05).application()) as base_url:
        yield base_url


def fresh(url: str, receiver: Receiver, settings: Any) -> Processor:
    """The sandbox emptied, and the product pointed at it."""
    eventually(lambda: not get(f"{url}/_sandbox/deliveries?state=waiting")["deliveries"], seconds=15)
    post(f"{url}/_sandbox/reset")
    receiver.got.clear()
    settings.STRIPE_API_BASE = url
    gateways.gateway.cache_clear()
    client = stripe.StripeClient("sk_test_tests", base_addresses={"api": url}, max_network_retries=0)
    return Processor(url, receiver, client)


def hand_on(browser: Any, event: tuple[dict[str, str], bytes]) -> Any:
    """Give a webhook to the product as the proxy would: raw body, and the signature's header."""
    headers, body = event
    return browser.post(
        "/hooks/payments/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": headers["stripe-signature"]},
    )
