"""Legal texts of an organization: terms, privacy notice, imprint, consents; their versions, and who has accepted which."""
