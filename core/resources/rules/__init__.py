"""What is decided about resources, without a database."""
