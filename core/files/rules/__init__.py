"""What is decided about files, without a database."""
