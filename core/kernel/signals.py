"""News that the kernel announces."""

from django.dispatch import Signal

work_enqueued = Signal()
"""A row was put into the outbox. Arguments: `due_at` (aware datetime). Sent inside the transaction of the act."""
