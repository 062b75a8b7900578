"""Under which names the outbox keeps what is promised about boards. A stored name never changes."""

COMPACT_BOARD = "boards.compact_board"
