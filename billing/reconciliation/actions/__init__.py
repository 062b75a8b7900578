"""What is done about differences."""
