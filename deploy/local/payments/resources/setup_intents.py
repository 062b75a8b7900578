"""Setup intents, which save a card for later: https://docs.stripe.com/api/setup_intents."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.cards import card_of
from deploy.local.payments.errors import ApiError
from deploy.local.payments.ledger import Object
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.resources.intents import (
    TO_CONFIRM,
    ask_challenge,
    automatic_methods,
    check_state,
    choose_method,
    embedded,
    method_of,
    method_types,
    needs_challenge,
    new_secret,
    refused_challenge,
    shown,
)
from deploy.local.payments.resources.payment_methods import attach

COMMON = "customer description metadata payment_method payment_method_data payment_method_types payment_method_options"
CONFIRM = "return_url use_stripe_sdk mandate_data payment_method payment_method_data payment_method_options"


@endpoint("POST", "/v1/setup_intents", f"{COMMON} {CONFIRM} confirm usage automatic_payment_methods single_use")
def create_setup_intent(call: Call) -> Object:
    usage = call.params.one_of("usage", ("off_session", "on_session"))
    customer, types = call.reference("customer", "customer"), method_types(call)
    intent = call.book.new(
        "setup_intent", customer=customer, payment_method_types=types,
        usage=usage or "off_session", automatic_payment_methods=automatic_methods(call),
        application=None, cancellation_reason=None, description=None,
        last_setup_error=None, latest_attempt=None, mandate=None, metadata={}, next_action=None, on_behalf_of=None,
        payment_method=None, payment_method_options={}, single_use_mandate=None, status="requires_payment_method",
    )  # fmt: skip
    intent["client_secret"] = new_secret(intent["id"])
    change(call, intent)
    call.announce("setup_intent.created", intent)
    return confirm_intent(call, intent) if call.params.flag("confirm") else intent


@endpoint("GET", "/v1/setup_intents", f"{PAGING} customer payment_method")
def list_setup_intents(call: Call) -> Object:
    customer, method = call.params.text("customer"), call.params.text("payment_method")
    chosen = [
        intent
        for intent in call.book.all("setup_intent")
        if customer in {None, intent["customer"]} and method in {None, intent["payment_method"]}
    ]
    return listing(call, "/v1/setup_intents", chosen)


@endpoint("GET", "/v1/setup_intents/{intent}", public=True)
def retrieve_setup_intent(call: Call, intent: str) -> Object:
    return shown(call, call.found("setup_intent", intent))


@endpoint("POST", "/v1/setup_intents/{intent}", COMMON)
def update_setup_intent(call: Call, intent: str) -> Object:
    value = call.found("setup_intent", intent)
    check_state(value, TO_CONFIRM, "update")
    if "customer" in call.params:
        value["customer"] = call.reference("customer", "customer")
    change(call, value)
    return value


@endpoint("POST", "/v1/setup_intents/{intent}/confirm", CONFIRM, public=True)
def confirm_setup_intent(call: Call, intent: str) -> Object:
    return shown(call, confirm_intent(call, call.found("setup_intent", intent)))


@endpoint("POST", "/v1/setup_intents/{intent}/cancel", "cancellation_reason")
def cancel_setup_intent(call: Call, intent: str) -> Object:
    value = call.found("setup_intent", intent)
    check_state(value, TO_CONFIRM, "cancel")
    value.update(status="canceled", cancellation_reason=call.params.text("cancellation_reason"), next_action=None)
    call.announce("setup_intent.canceled", value)
    return value


def change(call: Call, intent: Object) -> None:
    if "description" in call.params:
        intent["description"] = call.params.text("description")
    intent["metadata"] = call.params.metadata(intent["metadata"])
    choose_method(call, intent)
    if intent["payment_method"] and intent["status"] == "requires_payment_method":
        intent["status"] = "requires_confirmation"


def confirm_intent(call: Call, intent: Object) -> Object:
    """Saves the card, or waits for its holder, or raises the bank's refusal."""
    check_state(intent, TO_CONFIRM, "confirm")
    change(call, intent)
    method = method_of(call, intent)
    intent.update(last_setup_error=None, next_action=None)
    if needs_challenge(method, off_session=False):
        ask_challenge(call, intent)
        return intent
    return save_card(call, intent, method)


def save_card(call: Call, intent: Object, method: Object) -> Object:
    card = card_of(method)
    if card.decline and not card.attaches:
        raise fail(call, intent, method, card.decline.error())
    if intent["customer"]:
        attach(call, method, intent["customer"])
    method["_set_up"] = True
    intent.update(status="succeeded", next_action=None)
    call.announce("setup_intent.succeeded", intent)
    return intent


def fail(call: Call, intent: Object, method: Object, error: ApiError) -> ApiError:
    """Sets the intent back to wanting a method, and gives the error with the intent inside."""
    kept = embedded(error, method)
    intent.update(status="requires_payment_method", payment_method=None, next_action=None, last_setup_error=kept)
    call.announce("setup_intent.setup_failed", intent)
    seen = {key: value for key, value in shown(call, intent).items() if key[0] != "_"}
    error.extra = {**error.extra, "payment_method": kept["payment_method"], "setup_intent": seen}
    return error


def finish_challenge(call: Call, intent: Object, *, confirmed: bool) -> Object:
    """What follows the holder's answer. Raises the refusal, of the holder or of the bank."""
    check_state(intent, ("requires_action",), "confirm")
    method = method_of(call, intent)
    if not confirmed:
        raise fail(call, intent, method, refused_challenge(intent))
    return save_card(call, intent, method)
