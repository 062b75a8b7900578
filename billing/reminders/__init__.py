"""Reminding payers of what is overdue."""
