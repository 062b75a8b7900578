"""Database backend: the search path follows `tenants.context`."""
