"""Pages about people: clients, staff, agents, their logins and permissions."""
