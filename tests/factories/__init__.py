"""Makers of test rows."""
