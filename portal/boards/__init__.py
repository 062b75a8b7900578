"""Boards: a client's list, the board itself, its settings, what was saved of it."""
