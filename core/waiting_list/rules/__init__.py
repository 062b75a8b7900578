"""What is decided about the waiting list, without a database."""
