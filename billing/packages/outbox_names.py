"""Under which names the outbox keeps what is promised about packages. A stored name never changes."""

MAIL_LOW = "packages.mail_low"
MAIL_EXPIRING = "packages.mail_expiring"
