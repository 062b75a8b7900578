"""What is done about packages."""
