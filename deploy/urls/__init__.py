"""One URL configuration per kind of host."""
