"""Recordings of sessions: playing them, the answers people gave, deleting them."""
