"""What is kept about clients: notes and goals, encrypted in the database."""
