"""Stripe, by its own library: direct charges on each organization's connected account. The only importer of `stripe`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import stripe
from django.conf import settings

from billing.gateways import stripe_failures
from billing.gateways import stripe_objects as read
from billing.gateways.base import (
    AccountFacts,
    CardSetup,
    CustomerFacts,
    Event,
    PaymentAttempt,
    ProcessorError,
    RefundResult,
)
from billing.reasons import BillingReason
from billing.rules import card_amounts
from core.kernel.mail_addresses import deliverable_or_nothing
from core.kernel.money import Money
from core.kernel.reasons import Reason

logger = logging.getLogger(__name__)

MOST_CARDS = 100
TOLERANCE = 300  # seconds between a webhook's signature and its arrival


class StripeGateway:
    """Every call goes to `settings.STRIPE_API_BASE`, which is Stripe itself or the sandbox beside it."""

    @cached_property
    def _client(self) -> stripe.StripeClient:
        if not settings.STRIPE_SECRET_KEY:
            raise ProcessorError(Reason(BillingReason.PROCESSOR_NOT_SET_UP), permanent=True, code="no_key")
        addresses: Any = {"api": settings.STRIPE_API_BASE}
        if settings.STRIPE_API_BASE != stripe.DEFAULT_API_BASE:  # because Stripe itself takes files at another address
            addresses["files"] = settings.STRIPE_API_BASE
        return stripe.StripeClient(settings.STRIPE_SECRET_KEY, base_addresses=addresses, max_network_retries=2)

    def takes(self, currency: str) -> bool:
        return card_amounts.takes(currency)

    def refusal_of(self, amount: Money) -> Reason | None:
        return card_amounts.refusal_of(amount)

    def step_refusal_of(self, amount: Money) -> Reason | None:
        return card_amounts.step_refusal_of(amount)

    def sentences(self) -> dict[str, str]:
        return stripe_failures.sentences()

    def create_account(
        self, *, name: str, email: str, country: str, descriptor: str, url: str, key: str
    ) -> AccountFacts:
        """A standard account: the organization has its own dashboard, and the processor's terms with it."""
        params: dict[str, Any] = {
            "type": "standard",
            "country": country,
            "business_profile": {"name": name, "url": url},
            "settings": {"payments": {"statement_descriptor": descriptor}},
        }
        if address := deliverable_or_nothing(email):
            params["email"] = address
        with translated_errors():
            return read.account(self._client.v1.accounts.create(params, {"idempotency_key": key}))  # type: ignore[arg-type]

    def create_account_link(self, account: str, *, done: str, again: str) -> str:
        params = {"account": account, "return_url": done, "refresh_url": again, "type": "account_onboarding"}
        with translated_errors():
            return self._client.v1.account_links.create(params).url  # type: ignore[arg-type]

    def retrieve_account(self, account: str) -> AccountFacts:
        with translated_errors():
            return read.account(self._client.v1.accounts.retrieve(account))

    def set_statement_descriptor(self, account: str, descriptor: str) -> None:
        with translated_errors():
            self._client.v1.accounts.update(account, {"settings": {"payments": {"statement_descriptor": descriptor}}})

    def create_customer(self, account: str, *, name: str, email: str, key: str) -> str:
        params = {"name": name, "email": deliverable_or_nothing(email)}
        with translated_errors():
            found = self._client.v1.customers.create(params, on(account, key))  # type: ignore[arg-type]
        return found.id

    def retrieve_customer(self, account: str, external_id: str) -> CustomerFacts | None:
        try:
            with translated_errors():
                found = self._client.v1.customers.retrieve(external_id, {}, on(account))
                if getattr(found, "deleted", False):
                    return None
                methods = self._client.v1.customers.payment_methods.list(
                    external_id, {"type": "card", "limit": MOST_CARDS}, on(account)
                )
        except ProcessorError as error:
            if error.code == "resource_missing":
                return None
            raise
        return read.customer(found, methods.data)

    def create_payment(
        self, account: str, amount: Money, *, customer: str, purpose: str, reference: str, key: str
    ) -> PaymentAttempt:
        """No `receipt_email`: the receipt is the organization's own mail."""
        params: dict[str, Any] = {
            "amount": card_amounts.to_processor(amount),
            "currency": amount.currency.lower(),
            "customer": customer,
            "description": purpose,
            "metadata": {"payment": reference},
            "payment_method_types": ["card"],
        }
        with translated_errors():
            return read.attempt(self._client.v1.payment_intents.create(params, on(account, key)))  # type: ignore[arg-type]

    def charge_off_session(self, account: str, external_id: str, *, card: str, key: str) -> PaymentAttempt:
        params: dict[str, Any] = {"payment_method": card, "off_session": True, "expand": ["payment_method"]}
        with translated_errors():
            try:
                found = self._client.v1.payment_intents.confirm(external_id, params, on(account, key))  # type: ignore[arg-type]
            except stripe.CardError:  # the bank's answer stands on the payment
                found = self._client.v1.payment_intents.retrieve(
                    external_id, {"expand": ["payment_method"]}, on(account)
                )
        return read.attempt(found)

    def retrieve_payment(self, account: str, external_id: str) -> PaymentAttempt:
        with translated_errors():
            found = self._client.v1.payment_intents.retrieve(external_id, {"expand": ["payment_method"]}, on(account))
        return read.attempt(found)

    def set_card_saving(self, account: str, external_id: str, *, save: bool) -> None:
        usage = "off_session" if save else ""
        with translated_errors():
            self._client.v1.payment_intents.update(external_id, {"setup_future_usage": usage}, on(account))  # type: ignore[typeddict-item]

    def cancel_payment(self, account: str, external_id: str) -> PaymentAttempt:
        with translated_errors():
            return read.attempt(self._client.v1.payment_intents.cancel(external_id, {}, on(account)))

    def create_card_setup(self, account: str, *, customer: str, key: str) -> CardSetup:
        params: dict[str, Any] = {"customer": customer, "payment_method_types": ["card"], "usage": "off_session"}
        with translated_errors():
            return read.card_setup(self._client.v1.setup_intents.create(params, on(account, key)))  # type: ignore[arg-type]

    def retrieve_card_setup(self, account: str, external_id: str) -> CardSetup:
        with translated_errors():
            found = self._client.v1.setup_intents.retrieve(external_id, {"expand": ["payment_method"]}, on(account))
        return read.card_setup(found)

    def detach_card(self, account: str, card: str) -> None:
        with translated_errors():
            self._client.v1.payment_methods.detach(card, {}, on(account))

    def retrieve_refund(self, account: str, external_id: str) -> RefundResult:
        with translated_errors():
            return read.refund(self._client.v1.refunds.retrieve(external_id, {}, on(account)))

    def create_refund(self, account: str, external_id: str, amount: Money, *, key: str) -> RefundResult:
        units = card_amounts.to_processor(amount)
        params = {"payment_intent": external_id, "amount": units, "metadata": {"refund": key}}
        with translated_errors():
            return read.refund(self._client.v1.refunds.create(params, on(account, key)))  # type: ignore[arg-type]

    def read_event(self, body: bytes, signature: str) -> Event:
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise ProcessorError(Reason(BillingReason.SIGNATURE_DIFFERS), permanent=True, code="signature") from error
        return read.event(text)


def on(account: str, key: str = "") -> dict[str, str]:
    """Options of a call on the organization's account."""
    return {"stripe_account": account} | ({"idempotency_key": key} if key else {})


def _decline_code(error: stripe.CardError) -> str | None:
    found = (error.json_body or {}).get("error", {}).get("decline_code")
    return str(found) if found else None


@contextmanager
def translated_errors() -> Iterator[None]:
    """The processor's errors as ours. The sentence is for whoever waits; what the processor said is the cause, and in the log."""
    try:
        yield
    except stripe.CardError as error:
        failure = stripe_failures.card_refusal(_decline_code(error), error.code)
        raise ProcessorError(failure, permanent=True, code="card") from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProcessorError(Reason(BillingReason.PROCESSOR_AWAY), permanent=False, code="away") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        reason = Reason(BillingReason.PROCESSOR_ACCOUNT_REFUSED)
        raise ProcessorError(reason, permanent=True, code="account") from error
    except stripe.InvalidRequestError as error:
        logger.warning("the processor refused: %s (%s)", error.user_message, error.code)
        reason = stripe_failures.request_refusal(error.code)
        raise ProcessorError(reason, permanent=True, code=error.code or "request") from error
    except stripe.StripeError as error:
        raise ProcessorError(Reason(BillingReason.PROCESSOR_AWAY), permanent=False, code="processor") from error
