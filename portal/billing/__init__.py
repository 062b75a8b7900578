"""Services, charges, invoices and payments: for whoever bills, for clients, for agents."""
