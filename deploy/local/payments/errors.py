"""Errors in Stripe's shape: https://docs.stripe.com/api/errors."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class ApiError(Exception):
    """An answer other than success; `extra` holds the objects that Stripe embeds (payment_intent, charge, ...)."""

    message: str
    type: str = "invalid_request_error"
    status: int = 400
    code: str = ""
    param: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        named = {"code": self.code, "param": self.param}
        error = {"message": self.message, "type": self.type, **{key: value for key, value in named.items() if value}}
        if self.code:
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        return {"error": {**error, **self.extra}}


def missing(kind: str, identifier: str, param: str = "", status: int = 400) -> ApiError:
    """An object that this account does not have; 404 when it was named in the address, else 400."""
    return ApiError(f"No such {kind}: '{identifier}'", status=status, code="resource_missing", param=param or "id")


def no_access(account: str) -> ApiError:
    message = f"The provided key does not have access to account '{account}' (or that account does not exist)."
    return ApiError(message, status=403, code="account_invalid")


def required(param: str) -> ApiError:
    return ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unexpected_state(kind: str, message: str, value: dict[str, Any]) -> ApiError:
    """The object is in a state that does not allow the request; the object is embedded."""
    return ApiError(message, code=f"{kind}_unexpected_state", extra={kind: value})


def card_error(code: str, message: str, decline_code: str = "", param: str = "") -> ApiError:
    """A refusal by the card's bank, or a card number that cannot be one."""
    extra = {"decline_code": decline_code} if decline_code else {}
    return ApiError(message, "card_error", 402, code, param, extra)
