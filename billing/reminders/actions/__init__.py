"""What is done about overdue invoices."""
