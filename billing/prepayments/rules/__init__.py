"""What decides about prepayments. Pure."""
