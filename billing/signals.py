"""News that billing announces to the apps above it. All are sent inside the transaction of the act."""

from django.dispatch import Signal

charge_made = Signal()
"""An appointment was charged: `charge`, with `ended` (its share and minutes), `by` and `now`. A receiver may meet it from elsewhere."""

payment_moved = Signal()
"""A card payment has another state: `payment`, `by` and `now`. Before one that succeeded is entered: a receiver may say what it is for."""

payment_settled = Signal()
"""A card payment that succeeded is in the books: `payment`, `by` and `now`."""

ledger_entry_posted = Signal()
"""Something happened to an invoice: `entry`, `invoice`, `by` and `now`. The row is in the ledger; the invoice's sums follow."""
