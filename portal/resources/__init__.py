"""Pages of resources: one's list, the store, and each resource."""
