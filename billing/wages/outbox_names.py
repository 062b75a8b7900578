"""Under which names the outbox keeps what is promised about wages. A stored name never changes."""

MAIL_PAYOUT = "wages.mail_payout"
