"""The audit codes of charging cards on file."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class AutopayAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    AUTOPAY_SETTINGS_CHANGED = (
        "autopay_settings.changed",
        gettext_noop("Changed when cards on file are charged"),
        "settings",
        Tone.NEUTRAL,
    )
    CARD_CHARGED = "card.charged", gettext_noop("Charged the card on file"), "credit-card", Tone.INFO
    CARD_CHARGE_NEEDS_PAYER = (
        "card_charge.needs_payer",
        gettext_noop("The bank asks the holder of the card"),
        "hourglass",
        Tone.WARNING,
    )
    CARD_CHARGE_REFUSED = "card_charge.refused", gettext_noop("The card on file was refused"), "circle-x", Tone.DANGER
    CARD_EXPIRY_TOLD = (
        "card.expiry_told",
        gettext_noop("Asked for a card in place of one that expires"),
        "send",
        Tone.NEUTRAL,
    )
