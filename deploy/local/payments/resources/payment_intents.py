"""Payment intents: https://docs.stripe.com/api/payment_intents, life cycle: /payments/paymentintents/lifecycle."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.cards import AUTHENTICATION, Decline, card_of
from deploy.local.payments.errors import ApiError, card_error
from deploy.local.payments.ledger import PLATFORM, Object, now
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.money import checked_amount, checked_currency
from deploy.local.payments.resources.charges import capture_charge, failed_charge, new_charge
from deploy.local.payments.resources.disputes import open_dispute
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
from deploy.local.payments.statement_descriptors import printed_descriptor, refuse_descriptor

COMMON = (
    "amount application_fee_amount currency customer description metadata payment_method payment_method_data "
    "payment_method_options payment_method_types receipt_email setup_future_usage shipping statement_descriptor "
    "statement_descriptor_suffix capture_method"
)
CONFIRM = (
    "off_session return_url use_stripe_sdk error_on_requires_action mandate_data payment_method payment_method_data "
    "payment_method_options receipt_email setup_future_usage shipping capture_method"
)


@endpoint("POST", "/v1/payment_intents", f"{COMMON} {CONFIRM} confirm automatic_payment_methods confirmation_method")
def create_payment_intent(call: Call) -> Object:
    params = call.params
    confirm = bool(params.flag("confirm"))
    for name in ("off_session", "return_url", "error_on_requires_action"):
        if name in params and not confirm:
            raise ApiError(f"You may only pass `{name}` when `confirm` is true.", param=name)
    currency = checked_currency(params)
    fields = {
        "amount": checked_amount(params, currency),
        "currency": currency,
        "customer": call.reference("customer", "customer"),
        "payment_method_types": method_types(call),
        "automatic_payment_methods": automatic_methods(call),
    }
    intent = call.book.new(
        "payment_intent", **fields, amount_capturable=0, amount_received=0, application=None,
        application_fee_amount=None, canceled_at=None, cancellation_reason=None,
        capture_method="automatic_async", confirmation_method="automatic", description=None, last_payment_error=None,
        latest_charge=None, metadata={}, next_action=None, on_behalf_of=None, payment_method=None,
        payment_method_options={}, receipt_email=None, setup_future_usage=None, shipping=None,
        statement_descriptor=None, statement_descriptor_suffix=None, status="requires_payment_method",
        transfer_data=None, transfer_group=None,
    )  # fmt: skip
    intent["client_secret"] = new_secret(intent["id"])
    change(call, intent)
    call.announce("payment_intent.created", intent)
    return confirm_intent(call, intent) if confirm else intent


@endpoint("GET", "/v1/payment_intents", f"{PAGING} customer")
def list_payment_intents(call: Call) -> Object:
    customer = call.params.text("customer")
    intents = call.book.all("payment_intent")
    return listing(call, "/v1/payment_intents", [value for value in intents if customer in {None, value["customer"]}])


@endpoint("GET", "/v1/payment_intents/{intent}", public=True)
def retrieve_payment_intent(call: Call, intent: str) -> Object:
    return shown(call, call.found("payment_intent", intent))


@endpoint("POST", "/v1/payment_intents/{intent}", COMMON)
def update_payment_intent(call: Call, intent: str) -> Object:
    value = call.found("payment_intent", intent)
    sealed = {"amount", "currency", "customer", "payment_method", "payment_method_data", "application_fee_amount"}
    if value["status"] not in TO_CONFIRM and sealed & set(call.params.tree):
        check_state(value, TO_CONFIRM, "update")
    if "currency" in call.params:
        value["currency"] = checked_currency(call.params)
    if "amount" in call.params:
        value["amount"] = checked_amount(call.params, value["currency"])
    if "customer" in call.params:
        value["customer"] = call.reference("customer", "customer")
    change(call, value)
    return value


@endpoint("POST", "/v1/payment_intents/{intent}/confirm", CONFIRM, public=True)
def confirm_payment_intent(call: Call, intent: str) -> Object:
    return shown(call, confirm_intent(call, call.found("payment_intent", intent)))


CAPTURE = (
    "amount_to_capture application_fee_amount statement_descriptor statement_descriptor_suffix metadata final_capture"
)


@endpoint("POST", "/v1/payment_intents/{intent}/capture", CAPTURE)
def capture_payment_intent(call: Call, intent: str) -> Object:
    value = call.found("payment_intent", intent)
    check_state(value, ("requires_capture",), "capture")
    asked = call.params.integer("amount_to_capture")
    amount = value["amount_capturable"] if asked is None else asked
    if not 0 < amount <= value["amount_capturable"]:
        message = f"The requested capture amount is greater than the authorized amount: {value['amount_capturable']}."
        raise ApiError(message, code="amount_too_large", param="amount_to_capture")
    change(call, value)
    capture_charge(call, call.book.get("charge", value["latest_charge"]), value, amount)
    return succeed(call, value, amount)


@endpoint("POST", "/v1/payment_intents/{intent}/cancel", "cancellation_reason")
def cancel_payment_intent(call: Call, intent: str) -> Object:
    value = call.found("payment_intent", intent)
    check_state(value, (*TO_CONFIRM, "requires_capture", "processing"), "cancel")
    reasons = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    reason = call.params.one_of("cancellation_reason", reasons)
    if value["status"] == "requires_capture":
        charge = call.book.get("charge", value["latest_charge"])
        charge.update(refunded=True, amount_refunded=charge["amount"])
        call.announce("charge.refunded", charge)
    value.update(
        status="canceled", canceled_at=now(), cancellation_reason=reason, amount_capturable=0, next_action=None
    )
    call.announce("payment_intent.canceled", value)
    return value


def change(call: Call, intent: Object) -> None:
    """Applies this call's parameters, but for amount, currency and customer, which need the others' checks first."""
    params = call.params
    refuse_descriptor(params.text("statement_descriptor"))
    printed_descriptor(account_of(call), params.text("statement_descriptor_suffix"))
    fee = params.integer("application_fee_amount")
    if fee is not None and call.book.account == PLATFORM:
        message = "Can only apply an application_fee_amount when the request is made on behalf of another account."
        raise ApiError(message, param="application_fee_amount")
    if fee is not None and not 0 <= fee <= intent["amount"]:
        message = "The application fee must be positive and may not be greater than the amount."
        raise ApiError(message, param="application_fee_amount")
    if fee is not None:
        intent["application_fee_amount"] = fee
    params.one_of("setup_future_usage", ("on_session", "off_session"))
    params.one_of("capture_method", ("automatic", "automatic_async", "manual"))
    for name in ("description", "receipt_email", "setup_future_usage", "statement_descriptor_suffix", "capture_method"):
        if name in params:
            intent[name] = params.text(name)
    for name in ("shipping", "payment_method_options"):
        if name in params:
            intent[name] = params.group(name) or None
    intent["metadata"] = params.metadata(intent["metadata"])
    choose_method(call, intent)
    if intent["payment_method"] and intent["status"] == "requires_payment_method":
        intent["status"] = "requires_confirmation"


def account_of(call: Call) -> Object | None:
    return call.ledger.platform.find("account", call.book.account)


def confirm_intent(call: Call, intent: Object) -> Object:
    """Tries to charge: succeeds, waits for the holder's confirmation, or raises the bank's refusal."""
    check_state(intent, TO_CONFIRM, "confirm")
    account = account_of(call)
    if account is not None and not account["charges_enabled"]:
        raise ApiError("Your account cannot currently make charges: its onboarding is not finished.",
                       code="account_invalid")  # fmt: skip
    change(call, intent)
    method = method_of(call, intent)
    off_session = call.params.text("off_session") not in {None, "false"}
    intent.update(last_payment_error=None, next_action=None)
    if needs_challenge(method, off_session=off_session):
        if off_session or call.params.flag("error_on_requires_action"):
            raise decline(call, intent, method, AUTHENTICATION)
        ask_challenge(call, intent)
        return intent
    return charge(call, intent, method)


def charge(call: Call, intent: Object, method: Object) -> Object:
    """Charges the method, whose holder has confirmed where that was needed."""
    card = card_of(method)
    if card.decline:
        raise decline(call, intent, method, card.decline)
    if intent["setup_future_usage"] and intent["customer"]:
        attach(call, method, intent["customer"])
        method["_set_up"] = True
    made = new_charge(call, intent, method, account_of(call))
    intent.update(latest_charge=made["id"], next_action=None)
    if intent["capture_method"] == "manual":
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        call.announce("payment_intent.amount_capturable_updated", intent)
        return intent
    capture_charge(call, made, intent, intent["amount"])
    succeed(call, intent, intent["amount"])
    if card.disputed:
        open_dispute(call, made, "fraudulent")
    return intent


def succeed(call: Call, intent: Object, amount: int) -> Object:
    intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
    call.announce("payment_intent.succeeded", intent)
    return intent


def decline(call: Call, intent: Object, method: Object, reason: Decline) -> ApiError:
    """Records the refusal and gives the error to raise."""
    made = failed_charge(call, intent, method, reason, account_of(call))
    error = card_error(reason.code, reason.message, reason.decline_code)
    return fail(call, intent, method, error, made["id"])


def fail(call: Call, intent: Object, method: Object, error: ApiError, charge_id: str | None = None) -> ApiError:
    """Sets the intent back to wanting a method, and gives the error with the intent inside."""
    kept = embedded(error, method, charge_id)
    intent.update(
        status="requires_payment_method", payment_method=None, next_action=None, last_payment_error=kept,
        latest_charge=charge_id or intent["latest_charge"],
    )  # fmt: skip
    call.announce("payment_intent.payment_failed", intent)
    error.extra = {**error.extra, **{key: kept[key] for key in ("charge", "payment_method") if key in kept}}
    error.extra["payment_intent"] = {key: value for key, value in shown(call, intent).items() if key[0] != "_"}
    return error


def finish_challenge(call: Call, intent: Object, *, confirmed: bool) -> Object:
    """What follows the holder's answer. Raises the refusal, of the holder or of the bank."""
    check_state(intent, ("requires_action",), "confirm")
    method = method_of(call, intent)
    if not confirmed:
        raise fail(call, intent, method, refused_challenge(intent))
    return charge(call, intent, method)
