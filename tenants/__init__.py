"""Organizations, domains, plans, entitlements; the only code that switches schema."""
