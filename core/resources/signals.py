"""News that resources announce, inside the transaction of the act: what a receiver writes stands or falls with it."""

from django.dispatch import Signal

resource_left = Signal()
"""A `resource` is about to be deleted (`is_deleted`), or was taken out of the store, so that only its owner sees it. The sender is Resource."""

cards_changed = Signal()
"""The cards of a `resource` were added to, changed, removed or put in another order. The sender is Resource."""
