"""A showing is opened, steered, closed, and ends with its session."""
