"""What charging cards on file promises through the outbox, by name."""

CHARGE_BY_ITSELF = "autopay.charge"
START_CHARGE = "autopay.start"
CONFIRM_CHARGE = "autopay.confirm"
MAIL_NEEDS_PAYER = "autopay.mail_needs_payer"
MAIL_EXPIRING = "autopay.mail_expiring"
