"""The ledger compared with the payment processor, and every difference reported."""
