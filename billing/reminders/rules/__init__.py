"""When a payer is reminded."""
