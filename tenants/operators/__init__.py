"""Operators: the people who look after organizations, their sign-in, and what every organization uses. In the public schema."""
