"""The audit codes of wages: rates, what is entered by hand, and payouts."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class WagesAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    BANK_ACCOUNT_REMOVED = "bank_account.removed", gettext_noop("Removed a bank account"), "landmark", Tone.WARNING
    BANK_ACCOUNT_SET = "bank_account.set", gettext_noop("Set a bank account"), "landmark", Tone.WARNING
    PAYOUT_RUN_FILE_MADE = (
        "payout_run.file_made",
        gettext_noop("Took a payout as a file for the bank"),
        "download",
        Tone.WARNING,
    )
    PAYOUT_RUN_DISCARDED = "payout_run.discarded", gettext_noop("Threw a payout away"), "trash-2", Tone.WARNING
    PAYOUT_RUN_MADE = "payout_run.made", gettext_noop("Put a payout together"), "hand-coins", Tone.INFO
    PAYOUT_RUN_PAID = "payout_run.paid", gettext_noop("Noted a payout as paid"), "circle-check", Tone.SUCCESS
    WAGE_ENTERED = "wage.entered", gettext_noop("Entered a wage"), "coins", Tone.INFO
    WAGE_ENTERED_BY_HAND = (
        "wage.entered_by_hand",
        gettext_noop("Entered an amount of wages by hand"),
        "pencil",
        Tone.WARNING,
    )
    WAGE_RATE_REMOVED = "wage_rate.removed", gettext_noop("Removed a wage rate"), "tag", Tone.WARNING
    WAGE_RATE_SET = "wage_rate.set", gettext_noop("Set a wage rate"), "tag", Tone.NEUTRAL
