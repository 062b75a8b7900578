"""What a board's document may hold, and which updates are taken: pure."""
