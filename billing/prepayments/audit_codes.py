"""The audit codes of prepayments: what is asked for by rule, what was asked, and what became of it."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class PrepaymentsAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    PREPAYMENT_SETTINGS_CHANGED = (
        "prepayment_settings.changed",
        gettext_noop("Changed what is paid in advance"),
        "settings",
        Tone.NEUTRAL,
    )
    PREPAYMENT_EXCEPTION_SET = (
        "prepayment_exception.set",
        gettext_noop("Changed whether somebody pays in advance"),
        "user-check",
        Tone.NEUTRAL,
    )
    PREPAYMENT_ASKED = "prepayment.asked", gettext_noop("Asked for a prepayment"), "send", Tone.INFO
    PREPAYMENT_SENT_AGAIN = (
        "prepayment.sent_again",
        gettext_noop("Sent the link to pay in advance again"),
        "send",
        Tone.NEUTRAL,
    )
    PREPAYMENT_WITHDRAWN = (
        "prepayment.withdrawn",
        gettext_noop("Does not ask for the prepayment any more"),
        "x",
        Tone.WARNING,
    )
    PREPAYMENT_PAID = "prepayment.paid", gettext_noop("Paid in advance"), "circle-check", Tone.SUCCESS
    PREPAYMENT_REFUSED = (
        "prepayment.refused",
        gettext_noop("The payment in advance was refused"),
        "circle-x",
        Tone.DANGER,
    )
    PREPAYMENT_RELEASED = (
        "prepayment.released",
        gettext_noop("Let the time go, because it was not paid"),
        "calendar-x",
        Tone.WARNING,
    )
    PREPAYMENT_USED = "prepayment.used", gettext_noop("Matched what was paid in advance"), "coins", Tone.SUCCESS
    PREPAYMENT_RETURNED = (
        "prepayment.returned",
        gettext_noop("Gave back what was paid in advance"),
        "undo-2",
        Tone.WARNING,
    )
    PREPAYMENT_LATE = (
        "prepayment.late",
        gettext_noop("A payment in advance came too late, and goes back"),
        "undo-2",
        Tone.WARNING,
    )
