"""News that live rooms announce, inside the transaction of the act. The sender is the Room class."""

from django.dispatch import Signal

session_started = Signal()
"""The first host came in. Arguments: `room`, `by`, `now`."""

session_ended = Signal()
"""A host ended the session for all. Arguments: `room`, `by`, `now`."""
