"""Questions to the books."""
