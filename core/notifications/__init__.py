"""A message to a recipient by email or in-app; preferences; delivery log."""
