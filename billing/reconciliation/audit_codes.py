"""The audit codes of comparing books."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class ReconciliationAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    RECONCILIATION_ASKED = "reconciliation.asked", gettext_noop("Had the books compared"), "scale", Tone.NEUTRAL
    DIFFERENCE_TAKEN_OVER = (
        "difference.taken_over",
        gettext_noop("Took a difference over from the payment service"),
        "refresh-cw",
        Tone.WARNING,
    )
