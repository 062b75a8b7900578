"""The operator console: pages on a host of their own. Who operators are and what they do stands in `tenants.operators`."""
