"""Forms: written, sent, filled in, signed and read."""
