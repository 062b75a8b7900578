"""The audit codes of this app: what is done to public cards."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class TeamAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    CARD_WRITTEN = "card.written", gettext_noop("Public card written"), "pen-line", Tone.NEUTRAL
    CARD_RELEASED = "card.released", gettext_noop("Public card released for the website"), "globe", Tone.SUCCESS
    CARD_HIDDEN = "card.hidden", gettext_noop("Public card taken off the website"), "eye-off", Tone.WARNING
    CARD_REVIEW_CHANGED = (
        "card_review.changed",
        gettext_noop("Changed whether cards are reviewed"),
        "settings-2",
        Tone.INFO,
    )
