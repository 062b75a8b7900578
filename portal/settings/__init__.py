"""What an owner decides about the organization: brand, words, pages; and what was sent and done."""
