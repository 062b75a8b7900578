"""What stands in the way of deleting a client: every room that keeps something about clients registers a reason here."""

from collections.abc import Callable

from core.people.models import Client

Blocker = Callable[[Client], str | None]
"""Returns the sentence to show ("There are 3 invoices.") or None. May query."""

blockers: list[Blocker] = []


def register(blocker: Blocker) -> Blocker:
    """Add a reason; usable as a decorator, called from a room's `AppConfig.ready`."""
    if blocker not in blockers:
        blockers.append(blocker)
    return blocker


def reasons_against_deleting(client: Client) -> list[str]:
    """Return every sentence that speaks against it; empty when the client may go."""
    return [reason for blocker in blockers if (reason := blocker(client))]
