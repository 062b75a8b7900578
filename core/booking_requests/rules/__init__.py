"""What is decided about requests, without a database."""
