"""Work outside requests: keeping the promises in organizations' outboxes."""

from collections.abc import Callable

from core.kernel import outbox
from tenants import context, due_work, failed_work
from tenants.due_work import Due

MOST_PER_TURN = 20


def deliver_for(due: Due, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Keep up to a turn's worth of what is due for one organization, one promise at a time; returns how many were tried.

    The organization with most to do thus waits for the others. `stopping` is asked between two promises.
    """
    tried = 0
    with context.organization_context(due.organization):
        while tried < MOST_PER_TURN and not stopping() and outbox.deliver_due(limit=1):
            tried += 1
    due_work.settle(due, idle=not tried)
    failed_work.measure(due.organization)
    return tried


def deliver_all(*, stopping: Callable[[], bool] = lambda: False) -> int:
    """One round over every organization with due work; returns how many promises were tried."""
    tried = 0
    for due in due_work.due_now():
        if stopping():
            break
        tried += deliver_for(due, stopping=stopping)
    return tried
