"""Live sessions: the page of a room, and what hosts decide at its door."""
