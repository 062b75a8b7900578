"""What is done about charging cards on file."""
