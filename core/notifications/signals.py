"""News about mail."""

from django.dispatch import Signal

delivery_ended_badly = Signal()
"""A mail that had left was refused, or reported as spam. Arguments: `delivery`. Sent in the transaction of the report."""

failure_noted = Signal()
"""The promise of a mail, or any other, has failed, and the delivery log has it. Arguments: `message`, `error`, `is_final`, `delivery` (or None)."""
