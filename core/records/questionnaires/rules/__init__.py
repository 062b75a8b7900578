"""What a form may ask, and what of it is asked of whom."""
