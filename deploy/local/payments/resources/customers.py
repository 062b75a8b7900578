"""Customers: https://docs.stripe.com/api/customers."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.ledger import Object
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.resources.accounts import merged
from deploy.local.payments.resources.payment_methods import attach, detach, fresh_method

TEXTS = ("description", "email", "name", "phone", "tax_exempt", "business_name", "individual_name")
GROUPS = ("address", "shipping")
FIELDS = " ".join((*TEXTS, *GROUPS, "invoice_settings metadata preferred_locales tax"))


@endpoint("POST", "/v1/customers", f"{FIELDS} payment_method balance invoice_prefix tax_id_data validate")
def create_customer(call: Call) -> Object:
    absent = dict.fromkeys((*TEXTS, *GROUPS))
    customer = call.book.new(
        "customer", **{**absent, "tax_exempt": "none"}, balance=0, currency=None, default_source=None,
        delinquent=False, discount=None, metadata={}, preferred_locales=[],
        invoice_prefix=None, invoice_settings={"default_payment_method": None, "custom_fields": None, "footer": None},
    )  # fmt: skip
    change(call, customer)
    if method := call.params.text("payment_method"):
        attach(call, fresh_method(call, method), customer["id"])
    call.announce("customer.created", customer)
    return customer


@endpoint("GET", "/v1/customers", f"{PAGING} email")
def list_customers(call: Call) -> Object:
    email = call.params.text("email")  # exact and case-sensitive, as Stripe's own filter is
    customers = [value for value in call.book.all("customer") if not value.get("deleted")]
    return listing(call, "/v1/customers", [value for value in customers if email in {None, value["email"]}])


@endpoint("GET", "/v1/customers/{customer}")
def retrieve_customer(call: Call, customer: str) -> Object:
    return call.book.get("customer", customer, status=404)


@endpoint("POST", "/v1/customers/{customer}", f"{FIELDS} balance invoice_prefix default_source")
def update_customer(call: Call, customer: str) -> Object:
    value = present_customer(call, customer)
    before = dict(value)
    change(call, value)
    changed = {name: before[name] for name in before if before[name] != value[name]}
    call.announce("customer.updated", value, changed)
    return value


@endpoint("DELETE", "/v1/customers/{customer}")
def delete_customer(call: Call, customer: str) -> Object:
    value = present_customer(call, customer)
    call.announce("customer.deleted", value)
    for method in call.book.all("payment_method"):
        if method["customer"] == customer:
            detach(call, method)
    gone = {"id": customer, "object": "customer", "deleted": True, "created": value["created"]}
    call.book.put("customer", gone)
    return {name: gone[name] for name in ("id", "object", "deleted")}


@endpoint("GET", "/v1/customers/{customer}/payment_methods", f"{PAGING} type allow_redisplay")
def list_customer_methods(call: Call, customer: str) -> Object:
    present_customer(call, customer)
    methods = [value for value in call.book.all("payment_method") if value["customer"] == customer]
    kind = call.params.text("type")
    url = f"/v1/customers/{customer}/payment_methods"
    return listing(call, url, [value for value in methods if kind in {None, value["type"]}])


@endpoint("GET", "/v1/customers/{customer}/payment_methods/{method}")
def retrieve_customer_method(call: Call, customer: str, method: str) -> Object:
    present_customer(call, customer)
    value = call.book.get("payment_method", method, status=404)
    return value if value["customer"] == customer else call.book.get("payment_method", "", status=404)


def present_customer(call: Call, customer: str) -> Object:
    """A customer who has not been deleted."""
    value = call.book.get("customer", customer, status=404)
    return value if not value.get("deleted") else call.book.get("customer", f"{customer} (deleted)", status=404)


def change(call: Call, customer: Object) -> None:
    """Applies this call's parameters to the customer."""
    params = call.params
    for name in TEXTS:
        if name in params:
            customer[name] = params.text(name)
    for name in GROUPS:
        if name in params:
            customer[name] = merged({}, params.group(name)) or None
    if "preferred_locales" in params:
        customer["preferred_locales"] = params.texts("preferred_locales")
    default = params.inside("invoice_settings").text("default_payment_method")
    if default:
        call.book.get("payment_method", default, param="invoice_settings[default_payment_method]")
    if "invoice_settings" in params:
        customer["invoice_settings"] = merged(customer["invoice_settings"], params.group("invoice_settings"))
    customer["metadata"] = params.metadata(customer["metadata"])
