"""The audit codes of this app: who waits, what is offered to them, and what becomes of it."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class WaitingListAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    WAITING_ENTRY_ADDED = (
        "waiting_entry.added",
        gettext_noop("Put on the waiting list"),
        "list-checks",
        Tone.INFO,
    )
    WAITING_ENTRY_REMOVED = (
        "waiting_entry.removed",
        gettext_noop("Taken off the waiting list"),
        "circle-minus",
        Tone.NEUTRAL,
    )
    WAITING_ENTRY_SERVED = (
        "waiting_entry.served",
        gettext_noop("Got a time from the waiting list"),
        "circle-check",
        Tone.SUCCESS,
    )
    WAITING_ENTRY_ENDED = (
        "waiting_entry.ended",
        gettext_noop("Waited until the last day that was named"),
        "clock",
        Tone.NEUTRAL,
    )
    WAITING_OFFER_MADE = (
        "waiting_offer.made",
        gettext_noop("Offered a time to somebody who waits"),
        "send",
        Tone.INFO,
    )
    WAITING_OFFER_DECLINED = (
        "waiting_offer.declined",
        gettext_noop("Let an offered time go"),
        "circle-x",
        Tone.NEUTRAL,
    )
    WAITING_OFFER_ENDED = (
        "waiting_offer.ended",
        gettext_noop("An offered time ran out, or went to somebody else"),
        "clock",
        Tone.NEUTRAL,
    )
    WAITING_SETTINGS_CHANGED = (
        "waiting_settings.changed",
        gettext_noop("Changed how the waiting list works"),
        "settings",
        Tone.NEUTRAL,
    )
