"""What clients owe and pay: services, rates, charges, invoices, payments. Card data never comes here."""
