"""News about people. Every signal is sent inside the transaction of the act, with `by` and `now`."""

from django.dispatch import Signal

client_added = Signal()
"""A client was added. Arguments: `client`."""

client_status_changed = Signal()
"""A client became active, inactive or a prospect. Arguments: `client`, `before`."""

client_archived = Signal()
"""A client was archived: inactive, and out of the lists. Arguments: `client`."""

client_about_to_be_deleted = Signal()
"""Nothing blocks the deletion; rooms may drop what only belongs to this client. Arguments: `client`."""

practitioner_assigned = Signal()
"""A practitioner was assigned to a client. Arguments: `client`, `practitioner`."""

access_ended = Signal()
"""All sessions of a login have just ended: sockets and live rooms must let go of it. Arguments: `user`."""

access_changed = Signal()
"""A login stays signed in but may reach less than before (a tie, a role or a grant is gone). Arguments: `user`."""

client_permissions_changed = Signal()
"""What a client's logins may do has changed (costs hidden, for example). Arguments: `client`, `before`."""
