"""Notes about clients: written, read, signed and shared."""
