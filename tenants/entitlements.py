"""What the organization in force may use, by its plan: the one check, without a query on a warm request."""

from core.kernel.errors import DomainError
from tenants.context import current_organization


def allows(code: str) -> bool:
    """Whether the plan of the organization in force has the entitlement `code` ("white_label", "api", "billing")."""
    return code in current_organization().allowances


def limit(code: str) -> int | None:
    """How much the plan allows of `code` ("staff"): None for no limit, 0 when the plan has none of it."""
    return current_organization().allowances.get(code, 0)


def require(code: str, *, what: str) -> None:
    """Raise `not_in_plan` unless the plan allows `code`. `what` completes the sentence: "The programming interface"."""
    if not allows(code):
        raise DomainError("not_in_plan", f"{what} is not part of your plan.")


def require_room(code: str, used: int, *, what: str) -> None:
    """Raise `plan_limit` when `used` has reached the limit of `code`. `what`: "staff members"."""
    most = limit(code)
    if most is not None and used >= most:
        raise DomainError("plan_limit", f"Your plan allows {most} {what}, and they are all in use.")
