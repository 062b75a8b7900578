"""As which branch somebody is spoken to where no host says it: of the one whom it is about, else of who reads it.

Apps above say whose their things are: `register` for a thing, `register_reader` for a login. What they say holds, also where it is no branch. Only
where there is nobody to ask about, the branch that is in force stays, which is none where a worker keeps a promise.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import models

from branding.queries import active_branches, branch_in_force
from core.kernel.models import OutboxMessage
from tenants.context import branch_context, current, put

OfThing = Callable[[Any, str], UUID | None]
OfReader = Callable[[str], UUID | None]
_things: dict[str, OfThing] = {}
_readers: list[OfReader] = []


def register(label: str, of_thing: OfThing) -> None:
    """Say of things with this label (`people.client`) whose branch they are, for the login that reads of them. At start-up."""
    _things[label] = of_thing


def register_reader(of_reader: OfReader) -> None:
    """The same of logins."""
    _readers.append(of_reader)


def branch_for(about: models.Model | None, user_id: str = "") -> UUID | None:
    """The branch as which this login is spoken to about this; None for the organization. No query where there are no branches."""
    if not active_branches():
        return None
    of_thing = _things.get(about._meta.label_lower) if about is not None else None
    found = of_thing(about, user_id) if of_thing else None
    if found is None and user_id:
        found = next((branch for of_reader in _readers if (branch := of_reader(user_id))), None)
    return found if found in active_branches() else None


@contextmanager
def speaking(about: models.Model | None, user_id: str = "") -> Iterator[None]:
    """Run the block as that branch."""
    with branch_context(branch_for(about, user_id) if _says(about, user_id) else current().branch):
        yield


def speak(about: models.Model | None, user_id: str = "") -> None:
    """The same for the rest of a request: for a page that belongs to one thing."""
    if _says(about, user_id):
        put(replace(current(), branch=branch_for(about, user_id)))


def place() -> dict[str, str]:
    """What a promise to a visitor carries, so that it is kept as the branch whose page they were on."""
    branch = branch_in_force()
    return {"branch": str(branch.pk)} if branch else {}


@contextmanager
def where_promised(message: OutboxMessage) -> Iterator[None]:
    """Keep the promise as the branch on whose page it was made."""
    with branch_context(UUID(message.payload["branch"]) if message.payload.get("branch") else None):
        yield


def _says(about: models.Model | None, user_id: str) -> bool:
    """Whether somebody can be asked: about the thing, or about who reads."""
    return bool(user_id) or (about is not None and about._meta.label_lower in _things)


def common(branches: Iterable[UUID | None]) -> UUID | None:
    """The one branch that all of them have; None where they differ, or one has none."""
    found = set(branches)
    return found.pop() if len(found) == 1 else None
