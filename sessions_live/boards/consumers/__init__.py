"""The socket of a board's page: docs/boards.md."""
