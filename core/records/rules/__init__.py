"""Decisions about what is kept, without a database."""
