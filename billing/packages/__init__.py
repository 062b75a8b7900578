"""Packages: units paid in advance, and the ledger that says where each of them went."""
