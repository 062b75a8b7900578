"""Payment methods, cards only: https://docs.stripe.com/api/payment_methods."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.cards import (
    TestCard,
    card_from_number,
    card_from_token,
    card_of,
    checked_cvc,
    checked_expiry,
)
from deploy.local.payments.errors import ApiError, missing, required
from deploy.local.payments.ledger import Object
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.params import Params
from deploy.local.payments.resources.accounts import merged

FIELDS = "billing_details metadata allow_redisplay"


@endpoint("POST", "/v1/payment_methods", f"{FIELDS} type card customer payment_method", public=True)
def create_payment_method(call: Call) -> Object:
    return method_from(call, call.params)


@endpoint("GET", "/v1/payment_methods", f"{PAGING} customer type allow_redisplay")
def list_payment_methods(call: Call) -> Object:
    customer = call.reference("customer", "customer")
    kind = call.params.text("type")
    methods = call.book.all("payment_method")
    chosen = [value for value in methods if value["customer"] == customer and kind in {None, value["type"]}]
    return listing(call, "/v1/payment_methods", chosen if customer else [])


@endpoint("GET", "/v1/payment_methods/{method}")
def retrieve_payment_method(call: Call, method: str) -> Object:
    return known_method(call, method, status=404)


@endpoint("POST", "/v1/payment_methods/{method}", f"{FIELDS} card")
def update_payment_method(call: Call, method: str) -> Object:
    value = call.book.get("payment_method", method, status=404)
    value["billing_details"] = merged(value["billing_details"], call.params.group("billing_details"))
    value["metadata"] = call.params.metadata(value["metadata"])
    card = call.params.inside("card")
    if "exp_month" in card or "exp_year" in card:
        month, year = card.text("exp_month") or "", card.text("exp_year") or ""
        known = value["card"]
        checked = checked_expiry(month or str(known["exp_month"]), year or str(known["exp_year"]), this_month())
        known["exp_month"], known["exp_year"] = checked
    call.announce("payment_method.updated", value)
    return value


@endpoint("POST", "/v1/payment_methods/{method}/attach", "customer")
def attach_payment_method(call: Call, method: str) -> Object:
    customer = call.params.needed("customer")
    call.reference("customer", "customer")
    return attach(call, known_method(call, method, status=404), customer)


@endpoint("POST", "/v1/payment_methods/{method}/detach")
def detach_payment_method(call: Call, method: str) -> Object:
    value = call.book.get("payment_method", method, status=404)
    if value["customer"] is None:
        raise ApiError("The payment method you provided is not attached to a customer so detachment is impossible.")
    return detach(call, value)


def attach(call: Call, method: Object, customer: str) -> Object:
    """Saves the card with the customer; its bank may refuse even that."""
    if method["customer"] not in {None, customer}:
        raise ApiError(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_unexpected_state",
        )
    if method["_detached"]:
        raise ApiError(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
            "Customer, and may not be used again.",
            param="payment_method",
        )
    card = card_of(method)
    if card.decline and not card.attaches:
        raise card.decline.error()
    if method["customer"] is None:
        method["customer"] = customer
        call.announce("payment_method.attached", method)
    return method


def detach(call: Call, method: Object) -> Object:
    """Takes the card away from its customer, for good."""
    before = {"customer": method["customer"]}
    holder = call.book.find("customer", method["customer"]) or {}
    settings = holder.get("invoice_settings", {})
    if settings.get("default_payment_method") == method["id"]:
        settings["default_payment_method"] = None
    method.update(customer=None, _detached=True)
    call.announce("payment_method.detached", method, before)
    return method


def known_method(call: Call, identifier: str, status: int = 400) -> Object:
    """A stored method, or a fresh one for a test token."""
    if card := card_from_token(identifier):
        return new_method(call, card)
    return call.book.get("payment_method", identifier, param="payment_method", status=status)


def fresh_method(call: Call, identifier: str) -> Object:
    """The method of a request's parameter, fit for use."""
    method = known_method(call, identifier)
    if method["_detached"]:
        raise ApiError(
            "The provided PaymentMethod was previously used or detached and may not be used again.",
            code="payment_method_unexpected_state",
            param="payment_method",
        )
    return method


def this_month() -> tuple[int, int]:
    today = datetime.now(UTC)
    return today.year, today.month


def method_from(call: Call, params: Params) -> Object:
    """A new method of `type=card` from a token or from typed fields."""
    kind = params.needed("type")
    if kind != "card":
        raise ApiError(f"The payment method type '{kind}' is not activated in this sandbox.", param="type")
    card = params.inside("card")
    if token := card.text("token"):
        known = card_from_token(token)
        if known is None:
            raise missing("token", token, "card[token]")
        return new_method(call, known, details=params.group("billing_details"), metadata=params.metadata())
    if not card.tree:
        raise required("card")
    known = card_from_number(card.needed("number"))
    expiry = checked_expiry(card.text("exp_month") or "", card.text("exp_year") or "", this_month())
    if cvc := card.text("cvc"):
        checked_cvc(cvc, known)
    return new_method(call, known, expiry, params.group("billing_details"), params.metadata())


def new_method(
    call: Call,
    card: TestCard,
    expiry: tuple[int, int] | None = None,
    details: Object | None = None,
    metadata: dict[str, str] | None = None,
) -> Object:
    month, year = expiry or (12, this_month()[0] + 3)
    return call.book.new(
        "payment_method", type="card", customer=None, metadata=metadata or {}, allow_redisplay="unspecified",
        billing_details=merged({"address": None, "email": None, "name": None, "phone": None}, details or {}),
        card=card_face(card, month, year), _test_card=card.name, _set_up=False, _detached=False,
    )  # fmt: skip


def card_face(card: TestCard, month: int, year: int) -> dict[str, Any]:
    fingerprint = hashlib.sha256(card.number.encode()).hexdigest()[:16]
    return {
        "brand": card.brand, "display_brand": card.brand, "country": card.country, "funding": card.funding,
        "exp_month": month, "exp_year": year, "last4": card.number[-4:], "fingerprint": fingerprint,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "networks": {"available": [card.brand], "preferred": None}, "wallet": None,
        "three_d_secure_usage": {"supported": True}, "generated_from": None,
    }  # fmt: skip
