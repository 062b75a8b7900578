"""Webhook endpoints made through the API: https://docs.stripe.com/api/webhook_endpoints."""

import secrets
from urllib.parse import urlsplit

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.errors import ApiError, required
from deploy.local.payments.ledger import Object
from deploy.local.payments.lists import PAGING, listing


@endpoint("POST", "/v1/webhook_endpoints", "url enabled_events connect description metadata api_version")
def create_webhook_endpoint(call: Call) -> Object:
    events = call.params.texts("enabled_events")
    if not events:
        raise required("enabled_events")
    secret = "whsec_" + secrets.token_urlsafe(24)
    value = call.book.new(
        "webhook_endpoint", url=checked_url(call.params.needed("url")), enabled_events=events, status="enabled",
        description=call.params.text("description"), metadata=call.params.metadata(), application=None,
        api_version=call.params.text("api_version"), _secret=secret, _connect=bool(call.params.flag("connect")),
    )  # fmt: skip
    return value | {"secret": secret}  # shown once, as Stripe does


@endpoint("GET", "/v1/webhook_endpoints", PAGING)
def list_webhook_endpoints(call: Call) -> Object:
    return listing(call, "/v1/webhook_endpoints", call.book.all("webhook_endpoint"))


@endpoint("GET", "/v1/webhook_endpoints/{identifier}")
def retrieve_webhook_endpoint(call: Call, identifier: str) -> Object:
    return call.book.get("webhook_endpoint", identifier, status=404)


@endpoint("POST", "/v1/webhook_endpoints/{identifier}", "url enabled_events disabled description metadata")
def update_webhook_endpoint(call: Call, identifier: str) -> Object:
    value = call.book.get("webhook_endpoint", identifier, status=404)
    params = call.params
    if "url" in params:
        value["url"] = checked_url(params.needed("url"))
    if "enabled_events" in params:
        value["enabled_events"] = params.texts("enabled_events")
    if (disabled := params.flag("disabled")) is not None:
        value["status"] = "disabled" if disabled else "enabled"
    if "description" in params:
        value["description"] = params.text("description")
    value["metadata"] = params.metadata(value["metadata"])
    return value


@endpoint("DELETE", "/v1/webhook_endpoints/{identifier}")
def delete_webhook_endpoint(call: Call, identifier: str) -> Object:
    call.book.get("webhook_endpoint", identifier, status=404)
    del call.book.kinds["webhook_endpoint"][identifier]
    return {"id": identifier, "object": "webhook_endpoint", "deleted": True}


def checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ApiError(
            "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param="url"
        )
    return url
