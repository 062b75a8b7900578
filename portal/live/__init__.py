"""Live sessions: the page of a room, and what hosts decide about its waiting room."""
