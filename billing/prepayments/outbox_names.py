"""What prepayments promise through the outbox, by name."""

MAIL_PREPAYMENT = "prepayments.mail_prepayment"
MAIL_RELEASED = "prepayments.mail_released"
RELEASE_UNPAID = "prepayments.release_unpaid"
