"""What can be done with boards. Keyword-only, with `by` and `now`; each in one transaction with its audit row."""
