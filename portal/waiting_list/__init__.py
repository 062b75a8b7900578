"""The waiting list, from both sides."""
