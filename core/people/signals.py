"""News about people. Every signal is sent inside the transaction of the act, with `now`."""

from django.dispatch import Signal

access_ended = Signal()
"""All sessions of a login have just ended: sockets and live rooms must let go of it. Arguments: `user`."""

access_changed = Signal()
"""A login stays signed in but may reach less than before (a tie, a role or a grant is gone). Arguments: `user`."""

status_changed = Signal()
"""A client became active, inactive or a prospect. Arguments: `client`, `by`."""

access_gained = Signal()
"""A login may reach more than before: it was tied to a client, or switched on again. Arguments: `user`, `by`."""
