"""What decides about charging cards on file. Pure."""
