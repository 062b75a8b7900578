"""What stands in the way of deleting a client: the guards of every app that keeps something about clients."""

from collections.abc import Callable

from core.people.models import Client

Guard = Callable[[Client], str | None]
"""Returns the sentence to show ("There are 3 invoices.") or None. May query."""

guards: list[Guard] = []


def register(guard: Guard) -> None:
    """Add an app's guard, at start-up."""
    if guard not in guards:
        guards.append(guard)


def reasons_against_deleting(client: Client) -> list[str]:
    """Return every sentence that speaks against it; empty when the client may go."""
    return [reason for guard in guards if (reason := guard(client))]
