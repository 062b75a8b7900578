"""Users, staff, clients, linked logins, agents, roles, grants."""
