"""What payment intents and setup intents share: the method to use, authentication, and states."""

import secrets
from typing import Any
from urllib.parse import urlencode

from deploy.local.payments.calls import Call
from deploy.local.payments.cards import card_of
from deploy.local.payments.errors import ApiError, unexpected_state
from deploy.local.payments.ledger import Object
from deploy.local.payments.lists import rendered
from deploy.local.payments.resources.payment_methods import fresh_method, method_from

TO_CONFIRM = ("requires_payment_method", "requires_confirmation", "requires_action")
# what a browser with a publishable key may read of an intent
_PUBLIC = (
    "id object amount automatic_payment_methods canceled_at cancellation_reason capture_method client_secret "
    "confirmation_method created currency description last_payment_error last_setup_error livemode next_action "
    "payment_method payment_method_types receipt_email setup_future_usage shipping status usage"
)
PUBLIC = frozenset(_PUBLIC.split())
CHALLENGES = {
    "payment_intent": "payment_intent_authentication_failure",
    "setup_intent": "setup_intent_authentication_failure",
}


def new_secret(identifier: str) -> str:
    return f"{identifier}_secret_{secrets.token_hex(12)}"


def shown(call: Call, intent: Object) -> Object:
    """The intent, cut to its public fields for a publishable key."""
    if call.key != "publishable":
        return intent
    return {name: value for name, value in intent.items() if name in PUBLIC}


def method_types(call: Call) -> list[str]:
    """The kinds of payment method that the intent takes: this sandbox knows cards."""
    types = call.params.texts("payment_method_types")
    automatic = call.params.inside("automatic_payment_methods").flag("enabled")
    if types and automatic:
        raise ApiError("You may only specify one of payment_method_types, automatic_payment_methods.")
    for kind in types:
        if kind not in {"card", "link"}:
            message = f"The payment method type '{kind}' is invalid: this sandbox knows 'card'."
            raise ApiError(message, code="payment_intent_invalid_parameter", param="payment_method_types")
    return types or ["card"]


def automatic_methods(call: Call) -> Object | None:
    group = call.params.inside("automatic_payment_methods")
    if "payment_method_types" in call.params:
        return None
    enabled = group.flag("enabled")
    return {"allow_redirects": group.text("allow_redirects") or "always", "enabled": enabled is not False}


def choose_method(call: Call, intent: Object) -> None:
    """Puts the method named or typed in this call on the intent."""
    if "payment_method_data" in call.params:
        method = method_from(call, call.params.inside("payment_method_data"))
    elif identifier := call.params.text("payment_method"):
        method = fresh_method(call, identifier)
    else:
        return
    if method["customer"] and method["customer"] != intent["customer"]:
        owner = "a different customer" if intent["customer"] else "a customer"
        raise ApiError(
            f"The provided PaymentMethod cannot be used: it belongs to {owner}. "
            "Name that customer on the intent to use it.",
            param="payment_method",
        )
    intent["payment_method"] = method["id"]


def method_of(call: Call, intent: Object) -> Object:
    """The intent's method. Raises when there is none yet."""
    if intent["payment_method"] is None:
        kind = intent["object"]
        name = "PaymentIntent" if kind == "payment_intent" else "SetupIntent"
        message = (
            f"You cannot confirm this {name} because it's missing a payment method. You can either update the {name} "
            "with a payment method and then confirm it again, or confirm it again directly with a payment method."
        )
        raise unexpected_state(kind, message, rendered(intent, call.book, []))
    return call.book.get("payment_method", intent["payment_method"])


def check_state(intent: Object, allowed: tuple[str, ...], verb: str) -> None:
    if intent["status"] not in allowed:
        name = "PaymentIntent" if intent["object"] == "payment_intent" else "SetupIntent"
        message = (
            f"You cannot {verb} this {name} because it has a status of {intent['status']}. Only a {name} with one of "
            f"the following statuses may be {verb}{'led' if verb == 'cancel' else 'ed'}: {', '.join(allowed)}."
        )
        raise unexpected_state(intent["object"], message, rendered_alone(intent))


def rendered_alone(intent: Object) -> Object:
    return {name: value for name, value in intent.items() if not name.startswith("_")}


def needs_challenge(method: Object, *, off_session: bool) -> bool:
    """Whether the card's holder must confirm this use of it."""
    authentication = card_of(method).authentication
    if authentication == "unless_set_up":
        return not (off_session and method["_set_up"])
    return authentication == "always"


def ask_challenge(call: Call, intent: Object) -> None:
    """Sets the intent waiting for its holder, through the page's script or by redirect."""
    return_url = call.params.text("return_url") or intent.get("_return_url")
    intent["_return_url"] = return_url
    query = {"intent": intent["id"], "client_secret": intent["client_secret"], "account": call.book.account}
    if return_url and not call.params.flag("use_stripe_sdk"):
        url = f"{call.base_url}/v3/challenge?{urlencode(query)}"
        action: dict[str, Any] = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}
    else:
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    intent.update(status="requires_action", next_action=action)
    call.announce(f"{intent['object']}.requires_action", intent)


def refused_challenge(intent: Object) -> ApiError:
    """The error of a holder who did not confirm."""
    return ApiError(
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
        code=CHALLENGES[intent["object"]],
    )


def embedded(error: ApiError, method: Object | None, charge: str | None = None) -> Object:
    """An error as an intent keeps it (`last_payment_error`, `last_setup_error`)."""
    kept = dict(error.body()["error"])
    if charge:
        kept["charge"] = charge
    return kept | {"payment_method": rendered_alone(method) if method else None}
