"""News about money. Sent inside the transaction of the act."""

from django.dispatch import Signal

invoice_issued = Signal()
"""Arguments: `invoice`, `by`, `now`."""

invoice_paid = Signal()
"""The whole of an invoice has come in. Arguments: `invoice`, `payment`, `now`."""
