"""The audit codes of this app: what is done with money, and with what it is asked for."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class BillingAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    BILLING_SETTINGS_CHANGED = (
        "billing_settings.changed",
        gettext_noop("Changed the billing settings"),
        "settings",
        Tone.NEUTRAL,
    )
    CARD_LINK_SENT = "card_link.sent", gettext_noop("Sent a link to save a card"), "send", Tone.NEUTRAL
    CARD_LINK_REVOKED = "card_link.revoked", gettext_noop("Revoked a link to save a card"), "x", Tone.WARNING
    CARD_LINK_USED = "card_link.used", gettext_noop("Saved a card by link"), "credit-card", Tone.SUCCESS
    CARD_LINK_LATE = (
        "card_link.late",
        gettext_noop("Did not keep a card given by a link that no longer works"),
        "credit-card",
        Tone.WARNING,
    )
    CARD_MANDATE_GIVEN = "card_mandate.given", gettext_noop("Agreed to how a card is charged"), "badge-check", Tone.INFO
    CUSTOMER_LINKED = "customer.linked", gettext_noop("Linked an id of the payment service"), "link", Tone.INFO
    CUSTOMER_UNLINKED = (
        "customer.unlinked",
        gettext_noop("Unlinked an id of the payment service"),
        "x",
        Tone.WARNING,
    )
    CARD_MANDATE_WITHDRAWN = (
        "card_mandate.withdrawn",
        gettext_noop("Withdrew what was agreed about a card"),
        "x",
        Tone.WARNING,
    )
    CARD_SAVED = "card.kept", gettext_noop("Kept a card"), "credit-card", Tone.INFO
    CARD_REMOVED = "card.removed", gettext_noop("Removed a card"), "credit-card", Tone.WARNING
    CHARGE_CHANGED = "charge.changed", gettext_noop("Changed a charge"), "pencil", Tone.WARNING
    CHARGE_MADE = "charge.made", gettext_noop("Charged"), "coins", Tone.INFO
    CHARGE_NOT_MADE = "charge.not_made", gettext_noop("Charged nothing"), "coins", Tone.NEUTRAL
    CHARGE_WAIVED = "charge.waived", gettext_noop("Waived a charge"), "hand-coins", Tone.WARNING
    COST_OVERRIDE_SET = "cost_override.set", gettext_noop("Set an amount of its own"), "tag", Tone.NEUTRAL
    DISPUTE_ACCEPTED = "dispute.accepted", gettext_noop("Accepted a dispute"), "flag", Tone.WARNING
    DISPUTE_ANSWERED = "dispute.answered", gettext_noop("Answered a dispute"), "send", Tone.INFO
    DISPUTE_ANSWER_SAVED = (
        "dispute.answer_saved",
        gettext_noop("Wrote at the answer to a dispute"),
        "pencil",
        Tone.NEUTRAL,
    )
    DISPUTE_CHANGED = "dispute.changed", gettext_noop("A dispute went on"), "scale", Tone.NEUTRAL
    DISPUTE_FILE_ADDED = "dispute_file.added", gettext_noop("Put a file to an answer"), "file-plus", Tone.INFO
    DISPUTE_FILE_REMOVED = (
        "dispute_file.removed",
        gettext_noop("Took a file back from an answer"),
        "trash-2",
        Tone.WARNING,
    )
    DISPUTE_LOST = "dispute.lost", gettext_noop("A dispute was lost"), "circle-x", Tone.DANGER
    DISPUTE_OPENED = "dispute.opened", gettext_noop("A payment is disputed"), "scale", Tone.DANGER
    DISPUTE_WON = "dispute.won", gettext_noop("A dispute was won"), "circle-check", Tone.SUCCESS
    INVOICE_DISCARDED = "invoice.discarded", gettext_noop("Threw a draft away"), "trash-2", Tone.WARNING
    INVOICE_DRAFTED = "invoice.drafted", gettext_noop("Drafted %(invoice:a|an)s %(invoice)s"), "file-plus", Tone.NEUTRAL
    INVOICE_ISSUED = "invoice.issued", gettext_noop("Issued %(invoice:a|an)s %(invoice)s"), "receipt-text", Tone.INFO
    INVOICE_PAYER_CHOSEN = "invoice.payer_chosen", gettext_noop("Chose who pays"), "user-check", Tone.NEUTRAL
    INVOICE_SENT_AGAIN = (
        "invoice.sent_again",
        gettext_noop("Sent %(invoice:a|an)s %(invoice)s again"),
        "send",
        Tone.NEUTRAL,
    )
    INVOICE_CREDITED = (
        "invoice.credited",
        gettext_noop("Wrote a credit note for %(invoice:a|an)s %(invoice)s"),
        "circle-minus",
        Tone.WARNING,
    )
    INVOICE_CANCELLED = "invoice.voided", gettext_noop("Voided %(invoice:a|an)s %(invoice)s"), "x", Tone.DANGER
    PAYMENT_AMOUNT_DIFFERS = (
        "payment.amount_differs",
        gettext_noop("A payment of another amount came in"),
        "triangle-alert",
        Tone.DANGER,
    )
    PAYMENT_ENDING = "payment.ending", gettext_noop("Asked to end an unfinished payment"), "x", Tone.NEUTRAL
    PAYMENT_ENDED = "payment.ended", gettext_noop("Ended an unfinished payment"), "x", Tone.WARNING
    PAYMENT_CANCELLED = "payment.cancelled", gettext_noop("Gave a payment up"), "x", Tone.WARNING
    PAYMENT_PROCESSING = "payment.processing", gettext_noop("A payment is on its way"), "loader-circle", Tone.NEUTRAL
    PAYMENT_RECORDED = "payment.recorded", gettext_noop("Recorded a payment"), "banknote", Tone.SUCCESS
    PAYMENT_REFUSED = "payment.refused", gettext_noop("A payment was refused"), "circle-x", Tone.DANGER
    PAYMENT_REVERSED = "payment.reversed", gettext_noop("Took a payment back"), "undo-2", Tone.DANGER
    PAYMENT_STARTED = "payment.started", gettext_noop("Began to pay"), "credit-card", Tone.NEUTRAL
    PAYMENT_SUCCEEDED = "payment.succeeded", gettext_noop("Paid"), "circle-check", Tone.SUCCESS
    PAYMENT_WAITING = "payment.waiting", gettext_noop("A payment waits for the bank"), "hourglass", Tone.NEUTRAL
    PAYMENT_ACCOUNT_CHANGED = (
        "payment_account.changed",
        gettext_noop("The payment account changed"),
        "landmark",
        Tone.NEUTRAL,
    )
    PAYMENT_ACCOUNT_OPENING = (
        "payment_account.opening",
        gettext_noop("Asked to open a payment account"),
        "plug",
        Tone.NEUTRAL,
    )
    PAYMENT_ACCOUNT_CONNECTED = (
        "payment_account.connected",
        gettext_noop("Connected a payment account"),
        "plug",
        Tone.SUCCESS,
    )
    PAYMENT_ACCOUNT_DISCONNECTED = (
        "payment_account.disconnected",
        gettext_noop("Disconnected the payment account"),
        "plug",
        Tone.DANGER,
    )
    PAYOUT_BOUNCED = (
        "payout.bounced",
        gettext_noop("A payout of the payment service was sent back by the bank"),
        "circle-alert",
        Tone.DANGER,
    )
    PAYOUT_MENDED = "payout.mended", gettext_noop("Payouts arrive again"), "circle-check", Tone.SUCCESS
    RATE_REMOVED = "rate.removed", gettext_noop("Removed a rate of one's own"), "tag", Tone.WARNING
    RATE_SET = "rate.set", gettext_noop("Set a rate of one's own"), "tag", Tone.NEUTRAL
    REFUND_FAILED = "refund.failed", gettext_noop("A refund failed"), "circle-alert", Tone.DANGER
    REFUND_PROMISED = "refund.promised", gettext_noop("Promised a refund"), "undo-2", Tone.INFO
    REFUND_SUCCEEDED = "refund.succeeded", gettext_noop("Gave money back"), "circle-check", Tone.SUCCESS
    SERVICE_ADDED = "service.added", gettext_noop("Added %(service:a|an)s %(service)s"), "package", Tone.INFO
    SERVICE_CHANGED = "service.changed", gettext_noop("Changed %(service:a|an)s %(service)s"), "package", Tone.NEUTRAL
