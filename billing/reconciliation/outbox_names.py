"""What the comparison promises through the outbox, by name. Each has its handler in `billing.reconciliation.outbox_handlers`."""

COMPARE_BOOKS = "reconciliation.compare"
