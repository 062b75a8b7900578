"""News that records announce, inside the transaction of the act: what a receiver writes stands or falls with it."""

from django.dispatch import Signal

client_file_left = Signal()
"""A file of a client's is about to be removed: `row`. The sender is ClientFile."""

client_file_changed = Signal()
"""A file of a client's has come, is shared, or is shared no longer: `row`. The sender is ClientFile."""
