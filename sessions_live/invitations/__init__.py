"""Guests without an account who are invited to one appointment: an interpreter, a teacher, a grandparent."""
