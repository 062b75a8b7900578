"""What is decided about self-booking, without a database."""
