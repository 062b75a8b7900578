"""News that the kernel announces."""

from django.dispatch import Signal

work_enqueued = Signal()
"""A row was put into the outbox. Arguments: `due_at` (aware datetime). Sent inside the transaction of the act."""

promise_failed = Signal()
"""A promise could not be kept. Arguments: `message` (as it is now), `error`, `is_final` (it is not tried again by itself)."""

promise_void = Signal()
"""A promise was dropped because it no longer holds. Arguments: `message`, `reason` (the handler's words)."""
