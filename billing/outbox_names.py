"""What billing promises through the outbox, by name. Each has its handler in `billing.outbox_handlers`."""

MAIL_INVOICE = "billing.mail_invoice"
MAIL_RECEIPT = "billing.mail_receipt"
MAIL_REFUND = "billing.mail_refund"
RECONCILE_PAYMENT = "billing.reconcile_payment"
CANCEL_PAYMENT = "billing.cancel_payment"
CREATE_REFUND = "billing.create_refund"
