"""Connected accounts and their onboarding: https://docs.stripe.com/api/accounts and /account_links."""

from typing import Any

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.errors import ApiError, no_access, required
from deploy.local.payments.ledger import PLATFORM, Object, new_id, now
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.statement_descriptors import checked_descriptor

FIELDS = (
    "business_profile business_type capabilities company country default_currency email individual metadata settings "
    "tos_acceptance"
)
CURRENCIES = {"US": "usd", "CA": "cad", "GB": "gbp", "AU": "aud", "NZ": "nzd", "CH": "chf", "JP": "jpy", "SE": "sek"}
DUE = ["business_profile.url", "external_account", "tos_acceptance.date", "tos_acceptance.ip"]
LINK_LIFE = 300  # seconds

CONTROLLERS: dict[str, Object] = {
    "standard": {
        "fees": {"payer": "account"}, "losses": {"payments": "stripe"},
        "requirement_collection": "stripe", "stripe_dashboard": {"type": "full"},
    },
    "express": {
        "fees": {"payer": "application"}, "losses": {"payments": "application"},
        "requirement_collection": "stripe", "stripe_dashboard": {"type": "express"},
    },
    "custom": {
        "fees": {"payer": "application"}, "losses": {"payments": "application"},
        "requirement_collection": "application", "stripe_dashboard": {"type": "none"},
    },
}  # fmt: skip


@endpoint("POST", "/v1/accounts", f"{FIELDS} type controller external_account")
def create_account(call: Call) -> Object:
    params = call.params
    kind = params.one_of("type", tuple(CONTROLLERS))
    if kind and "controller" in params:
        raise ApiError("You may only specify one of `controller` or `type`.", param="controller")
    country = (params.text("country") or "US").upper()
    controller = merged(CONTROLLERS[kind or "standard"], params.group("controller"))
    account = call.ledger.platform.new(
        "account", type=kind or "none", controller={"type": "application", "is_controller": True, **controller},
        country=country, default_currency=params.text("default_currency") or CURRENCIES.get(country, "eur"),
        email=params.text("email"), business_type=params.text("business_type"), company=None, individual=None,
        business_profile={"name": None, "url": None, "mcc": None, "support_email": None, "support_phone": None},
        capabilities={}, charges_enabled=False, payouts_enabled=False, details_submitted=False, metadata={},
        settings={
            "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
            "card_payments": {"statement_descriptor_prefix": None},
            "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
            "payments": {"statement_descriptor": None},
            "payouts": {"schedule": {"delay_days": 2, "interval": "daily"}, "statement_descriptor": None},
        },
        tos_acceptance={"date": None, "ip": None}, external_accounts={"object": "list", "data": [], "has_more": False},
        requirements={"currently_due": list(DUE), "past_due": [], "eventually_due": list(DUE), "errors": [],
                      "pending_verification": [], "disabled_reason": "requirements.past_due"},
    )  # fmt: skip
    change(call, account)
    return account


@endpoint("GET", "/v1/accounts", PAGING)
def list_accounts(call: Call) -> Object:
    return listing(call, "/v1/accounts", call.ledger.platform.all("account"))


@endpoint("GET", "/v1/account")
def own_account(call: Call) -> Object:
    if call.book.account == PLATFORM:
        return {"id": PLATFORM, "object": "account", "charges_enabled": True, "payouts_enabled": True,
                "details_submitted": True, "country": "US", "default_currency": "usd", "email": None}  # fmt: skip
    return call.ledger.platform.get("account", call.book.account)


@endpoint("GET", "/v1/accounts/{account}")
def retrieve_account(call: Call, account: str) -> Object:
    return known_account(call, account)


@endpoint("POST", "/v1/accounts/{account}", f"{FIELDS} external_account")
def update_account(call: Call, account: str) -> Object:
    value = known_account(call, account)
    change(call, value)
    call.announce("account.updated", value, book=call.ledger.book(account))
    return value


@endpoint("DELETE", "/v1/accounts/{account}")
def delete_account(call: Call, account: str) -> Object:
    known_account(call, account)
    del call.ledger.platform.kinds["account"][account]
    return {"id": account, "object": "account", "deleted": True}


@endpoint("POST", "/v1/accounts/{account}/login_links")
def create_login_link(call: Call, account: str) -> Object:
    known_account(call, account)
    return {"object": "login_link", "created": now(), "url": f"{call.base_url}/?account={account}"}


@endpoint("POST", "/v1/account_links", "account refresh_url return_url type collect collection_options")
def create_account_link(call: Call) -> Object:
    account = known_account(call, call.params.needed("account"))
    if call.params.one_of("type", ("account_onboarding", "account_update")) is None:
        raise required("type")
    link = {
        "id": new_id("account_link"), "object": "account_link", "created": now(), "expires_at": now() + LINK_LIFE,
        "_account": account["id"], "_return_url": call.params.needed("return_url"),
        "_refresh_url": call.params.needed("refresh_url"), "_used": False,
    }  # fmt: skip
    call.ledger.platform.put("account_link", link)
    answer = {name: link[name] for name in ("object", "created", "expires_at")}
    return answer | {"url": f"{call.base_url}/setup/{link['id']}"}


def known_account(call: Call, account: str) -> Object:
    """The account, or Stripe's 403 for one that this platform does not have."""
    found = call.ledger.platform.find("account", account)
    if found is None:
        raise no_access(account)
    return found


def merged(before: Object, change_: Object) -> Object:
    """Nested groups merged; an emptied value becomes None, as Stripe unsets it."""
    result = dict(before)
    for name, value in change_.items():
        inner = result.get(name)
        result[name] = (
            merged(inner if isinstance(inner, dict) else {}, value) if isinstance(value, dict) else plain(value)
        )
    return result


def plain(value: Any) -> Any:
    """A form's text as the JSON value that it stands for."""
    return {"": None, "true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def change(call: Call, account: Object) -> None:
    """Applies this call's parameters to the account."""
    params = call.params
    account["metadata"] = params.metadata(account["metadata"])
    for name in ("email", "business_type", "default_currency"):
        if name in params:
            account[name] = params.text(name)
    for name in ("business_profile", "settings", "tos_acceptance", "company", "individual"):
        if name in params:
            account[name] = merged(account[name] or {}, params.group(name))
    checked_descriptor(
        account["settings"]["payments"]["statement_descriptor"], "settings[payments][statement_descriptor]"
    )
    for name, asked in params.group("capabilities").items():
        if asked.get("requested") == "true":
            account["capabilities"][name] = "active" if account["charges_enabled"] else "inactive"
    if "external_account" in params:
        account["requirements"]["currently_due"] = [d for d in account["requirements"]["currently_due"] if d != DUE[1]]


def onboard(call: Call, account: Object) -> Object:
    """Finishes an account as its owner would at Stripe: it can take charges and receive payouts."""
    capabilities = dict.fromkeys({"card_payments", "transfers", *account["capabilities"]}, "active")
    account.update(
        details_submitted=True, charges_enabled=True, payouts_enabled=True, capabilities=capabilities,
        tos_acceptance={"date": now(), "ip": "127.0.0.1"},
        requirements={"currently_due": [], "past_due": [], "eventually_due": [], "errors": [],
                      "pending_verification": [], "disabled_reason": None},
    )  # fmt: skip
    call.announce("account.updated", account, book=call.ledger.book(account["id"]))
    return account


def restrict(call: Call, account: Object) -> Object:
    """Holds an account back, as the processor does when it wants to know more of its owner."""
    account.update(charges_enabled=False, payouts_enabled=False)
    account["requirements"].update(
        currently_due=["individual.verification.document"], past_due=["individual.verification.document"],
        disabled_reason="requirements.past_due",
    )  # fmt: skip
    call.announce("account.updated", account, book=call.ledger.book(account["id"]))
    return account


def deauthorize(call: Call, account: Object) -> Object:
    """Its owner takes it away from the platform, which from then on may not speak for it."""
    application = {"id": "ca_sandbox", "object": "application", "name": "Sandbox"}
    call.announce("account.application.deauthorized", application, book=call.ledger.book(account["id"]))
    del call.ledger.platform.kinds["account"][account["id"]]
    return application
