"""What counts as a leak: rows, captures and checks, without a database."""
