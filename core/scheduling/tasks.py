"""What the outbox calls by name (registered when the app is ready)."""
