"""What decides about packages. Pure."""
