"""Who waits for a time, and to whom a time that frees is offered."""
