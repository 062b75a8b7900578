"""One API call as the resources see it, and the table of endpoints that they fill."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from deploy.local.payments.errors import ApiError, missing
from deploy.local.payments.ledger import Book, Ledger, Object, visible
from deploy.local.payments.params import Params

API_VERSION = "2026-10-28.endive"

Announce = Callable[[str, str, Object, Object | None, "Cause"], Object]


@dataclass(frozen=True, slots=True)
class Cause:
    """Which request made an event."""

    request: str | None = None
    idempotency_key: str | None = None


@dataclass(slots=True)
class Call:
    """One authenticated request: whose book, which parameters, and how to announce what happened."""

    ledger: Ledger
    book: Book
    params: Params
    key: Literal["secret", "publishable", "sandbox"]
    base_url: str
    announce_to: Announce
    cause: Cause = Cause()

    def announce(self, kind: str, value: Object, previous: Object | None = None, *, book: Book | None = None) -> Object:
        """Records an event about `value` and sends it to the endpoints that listen."""
        account = (book or self.book).account
        return self.announce_to(account, kind, visible(value), previous, self.cause)

    def reference(self, kind: str, name: str) -> str | None:
        """The id in a parameter, once this account is seen to have the object."""
        identifier = self.params.text(name)
        if identifier is not None and self.book.get(kind, identifier, param=name).get("deleted"):
            raise missing(kind, identifier, name)
        return identifier

    def with_params(self, tree: dict[str, Any]) -> "Call":
        """The same call with other parameters."""
        twin = copy.copy(self)
        twin.params = Params(tree)
        return twin

    def found(self, kind: str, identifier: str) -> Object:
        """The object of the address: the account's own, and for a publishable key only with its client secret."""
        value = self.book.get(kind, identifier, status=404)
        if self.key == "publishable" and self.params.text("client_secret") != value.get("client_secret"):
            raise ApiError(
                f"The client_secret provided does not match any associated {kind} on this account.",
                status=404,
                code="resource_missing",
                param="client_secret",
            )
        return value


Endpoint = Callable[..., Object]


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the API."""

    method: str
    address: str
    accepts: frozenset[str]
    public: bool
    endpoint: Endpoint


ROUTES: list[Route] = []
EVERYWHERE = frozenset({"expand", "client_secret", "key"})


def endpoint(method: str, address: str, accepts: str = "", *, public: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Registers a handler; `accepts` names its parameters, and `public` opens it to publishable keys."""

    def register(handler: Endpoint) -> Endpoint:
        ROUTES.append(Route(method, address, frozenset(accepts.split()) | EVERYWHERE, public, handler))
        return handler

    return register


def refuse_unknown(params: Params, accepted: frozenset[str]) -> None:
    """Stripe refuses parameters that it does not know; so a typing mistake shows here already."""
    unknown = [name for name in params.tree if name not in accepted]
    if unknown:
        name = unknown[0]
        raise ApiError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
