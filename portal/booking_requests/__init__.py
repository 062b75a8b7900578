"""Asking for a time, and answering."""
