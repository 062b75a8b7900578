"""Events: https://docs.stripe.com/api/events."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.ledger import Object
from deploy.local.payments.lists import PAGING, listing


@endpoint("GET", "/v1/events", f"{PAGING} type types delivery_success")
def list_events(call: Call) -> Object:
    kinds = set(call.params.texts("types")) | ({kind} if (kind := call.params.text("type")) else set())
    return listing(call, "/v1/events", [value for value in call.book.all("event") if matches(value["type"], kinds)])


@endpoint("GET", "/v1/events/{event}")
def retrieve_event(call: Call, event: str) -> Object:
    return call.book.get("event", event, status=404)


def matches(kind: str, wanted: set[str]) -> bool:
    """Whether an event's type is wanted; `charge.*` wants all of a family, and no wish wants all."""
    return not wanted or kind in wanted or any(want.endswith(".*") and kind.startswith(want[:-1]) for want in wanted)
