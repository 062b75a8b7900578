"""Which organization the present code runs for: one ContextVar, and the only functions that change it.

Tasks, threads made by asgiref and `asyncio.to_thread` copy the variable; a plain thread does not, and then the search path is the empty
schema: a forgotten switch raises, it never reads somebody else's rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tenants.models import Organization

PUBLIC = "public"
NOBODY = "nobody"
TEMPLATE = "template"
EXTENSIONS = "ext"


@dataclass(frozen=True, slots=True)
class State:
    """The schema in force and, when it is an organization's, the organization; and the branch of it for which the code runs, if any."""

    schema: str
    organization: "Organization | None" = None
    branch: UUID | None = None


_NONE = State(NOBODY)
_state: ContextVar[State] = ContextVar("organization_state", default=_NONE)
_as_owner: ContextVar[bool] = ContextVar("as_database_owner", default=False)


def current() -> State:
    """Return the state in force; the empty schema when nobody has named an organization."""
    return _state.get()


def current_organization() -> "Organization":
    """Return the organization that the present code runs for; LookupError when there is none."""
    organization = _state.get().organization
    if organization is None:
        raise LookupError("no organization in force: enter one with organization_context()")
    return organization


def put(state: State) -> None:
    """Set the state for the rest of this context. For the entrances (middleware, sockets, backend); others use `organization_context`."""
    _state.set(state)


def clear() -> None:
    """Forget the organization: back to the empty schema."""
    _state.set(_NONE)


@contextmanager
def entered(state: State) -> Iterator[None]:
    """Run the block under `state`, then restore."""
    token = _state.set(state)
    try:
        yield
    finally:
        _state.reset(token)


@contextmanager
def organization_context(organization: "Organization") -> Iterator["Organization"]:
    """Run the block for `organization`."""
    with entered(State(organization.schema_name, organization)):
        yield organization


@contextmanager
def branch_context(branch: UUID | None) -> Iterator[None]:
    """Run the block for this branch of the organization in force; None: for the organization itself."""
    with entered(replace(_state.get(), branch=branch)):
        yield


@contextmanager
def public_context() -> Iterator[None]:
    """Run the block in the public schema: organizations, domains, plans."""
    with entered(State(PUBLIC)):
        yield


@contextmanager
def schema_context(schema: str) -> Iterator[None]:
    """Run the block in a schema without an organization row: the template, and migrations."""
    with entered(State(schema)):
        yield


@contextmanager
def as_database_owner() -> Iterator[None]:
    """Run the block with the rights of the database owner: what makes, migrates and drops schemas. A process that is not connected as it is
    refused by the database.
    """
    token = _as_owner.set(True)
    try:
        yield
    finally:
        _as_owner.reset(token)


def is_database_owner() -> bool:
    """Whether the present code asks for the rights of the database owner."""
    return _as_owner.get()
