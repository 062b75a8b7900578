"""Materials that staff use in sessions: each person's list, and the store from which colleagues take what is shared."""
