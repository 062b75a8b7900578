"""News about the sender."""

from django.dispatch import Signal

sender_state_changed = Signal()
"""An own sender stopped being used, needs a hand, or is used again. Arguments: `changed` (the row), `what` ("domain" or "server"), `state`.
Sent in the transaction of the check."""
