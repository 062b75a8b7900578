"""The front of the API: who calls, which account, which endpoint; idempotency; errors as Stripe words them."""

import base64
import binascii
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import deploy.local.payments.resources  # noqa: F401 - because importing it fills ROUTES
from deploy.local.payments.calls import API_VERSION, ROUTES, Call, Cause, Route, refuse_unknown
from deploy.local.payments.errors import ApiError, no_access
from deploy.local.payments.ledger import PLATFORM, Ledger, Object, now
from deploy.local.payments.lists import rendered
from deploy.local.payments.params import Params, decode
from deploy.local.payments.webhooks import Postman
from deploy.local.web import Request, Response, json_response

LIVE_KEY = re.compile(r"\b[spr]k_live_")
REPLAYS_FOR = 24 * 3600  # seconds that an idempotency key is remembered
CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, stripe-account, stripe-version, idempotency-key",
    "access-control-max-age": "600",
}


def live_key_variables(environment: Mapping[str, str]) -> list[str]:
    """The STRIPE_* variables that hold a live key; beside one of them the sandbox must not run."""
    return sorted(name for name, value in environment.items() if name.startswith("STRIPE_") and LIVE_KEY.search(value))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the kind of key, and the account in whose book the request works."""

    key: Literal["secret", "publishable"]
    account: str


def authenticated(request: Request, params: Params, ledger: Ledger) -> Caller:
    """The caller by `Authorization` (bearer or basic) or a publishable `key` parameter."""
    key = _key(request) or params.text("key") or ""
    if not key:
        message = "You did not provide an API key. You need to provide your API key in the Authorization header."
        raise ApiError(message, status=401)
    if LIVE_KEY.match(key):
        raise ApiError("This is a sandbox: it refuses live keys. Use a key that starts with sk_test_.", status=401)
    if not re.fullmatch(r"[spr]k_test_\w+", key):
        raise ApiError(f"Invalid API Key provided: {key[:8]}****", status=401)
    kind: Literal["secret", "publishable"] = "publishable" if key.startswith("pk_") else "secret"
    account = request.headers.get("stripe-account", PLATFORM)
    if account != PLATFORM and ledger.platform.find("account", account) is None:
        raise no_access(account)
    return Caller(kind, account)


def _key(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().split(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


class Api:
    """Answers everything under /v1/."""

    def __init__(self, ledger: Ledger, postman: Postman, base_url: str) -> None:
        self.ledger, self.postman, self.base_url = ledger, postman, base_url
        self._routes = [(route, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route.address))) for route in ROUTES]

    def answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status=204, headers=dict(CORS))
        request_id = "req_" + secrets.token_hex(7)
        try:
            response = self._answer(request, request_id)
        except ApiError as error:
            response = json_response(error.body(), error.status)
        response.headers |= {"request-id": request_id, "stripe-version": API_VERSION, **CORS}
        return response

    def call(self, account: str) -> Call:
        """A call made by the sandbox itself, for its own pages."""
        return Call(self.ledger, self.ledger.book(account), Params({}), "sandbox", self.base_url, self.postman.announce)

    def _answer(self, request: Request, request_id: str) -> Response:
        params = Params(decode(request.form() if request.method == "POST" else request.query))
        caller = authenticated(request, params, self.ledger)
        route, arguments = self._find(request)
        if caller.key == "publishable" and not route.public:
            message = "This API call cannot be made with a publishable API key. Please use a secret API key."
            raise ApiError(message, status=403, code="secret_key_required")
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        if key and (earlier := self._earlier(key, caller, request)):
            return self._replayed(earlier, key)
        cause = Cause(request_id, key)
        call = Call(
            self.ledger,
            self.ledger.book(caller.account),
            params,
            caller.key,
            self.base_url,
            self.postman.announce,
            cause,
        )
        with self.ledger.journal.request():
            response, keep = self._perform(route, call, arguments)
        if request.method != "GET":
            self.ledger.changed()
        if key:
            response.headers["idempotency-key"] = key
            if keep:
                self._remember(key, caller, request, response)
        return response

    def _find(self, request: Request) -> tuple[Route, dict[str, str]]:
        for route, pattern in self._routes:
            if route.method == request.method and (match := pattern.fullmatch(request.path)):
                return route, match.groupdict()
        raise ApiError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)

    def _perform(self, route: Route, call: Call, arguments: dict[str, str]) -> tuple[Response, bool]:
        """The response, and whether it is kept for its idempotency key (refused parameters are not)."""
        try:
            refuse_unknown(call.params, route.accepts)
            value = route.endpoint(call, **arguments)
            return json_response(rendered(value, call.book, call.params.texts("expand"))), True
        except ApiError as error:
            if error.type != "card_error":
                self.ledger.journal.undo()
            return json_response(error.body(), error.status), error.type == "card_error"

    def _earlier(self, key: str, caller: Caller, request: Request) -> Object | None:
        found = self.ledger.book(caller.account).find("replay", key)
        if found is None or found["created"] < now() - REPLAYS_FOR:
            return None
        if found["asked"] != _digest(request):
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise ApiError(message, "idempotency_error", 400, "idempotency_key_in_use")
        return found

    def _replayed(self, earlier: Object, key: str) -> Response:
        headers = {"idempotency_key": key, "idempotent_replayed": "true", "original_request": earlier["id"]}
        return json_response(json.loads(earlier["answer"]), earlier["status"], **headers)

    def _remember(self, key: str, caller: Caller, request: Request, response: Response) -> None:
        kept = {"id": key, "created": now(), "asked": _digest(request), "status": response.status,
                "answer": response.body.decode()}  # fmt: skip
        self.ledger.book(caller.account).put("replay", kept)


def _digest(request: Request) -> str:
    """What was asked; a body with files by what is in it, because what stands between its parts is drawn anew each time."""
    is_parted = request.headers.get("content-type", "").startswith("multipart/")
    asked = repr(request.form()).encode() if is_parted else request.body
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + asked).hexdigest()
