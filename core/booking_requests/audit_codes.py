"""The audit codes of this app: what people ask for, and what becomes of it."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class BookingRequestAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    BOOKING_REQUEST_ASKED = (
        "booking_request.asked",
        gettext_noop("Asked for %(appointment:a|an)s %(appointment)s"),
        "inbox",
        Tone.INFO,
    )
    BOOKING_REQUEST_ACCEPTED = (
        "booking_request.accepted",
        gettext_noop("Accepted a time that was asked for"),
        "circle-check",
        Tone.SUCCESS,
    )
    BOOKING_REQUEST_PROPOSED = (
        "booking_request.proposed",
        gettext_noop("Proposed other times"),
        "calendar-sync",
        Tone.INFO,
    )
    BOOKING_REQUEST_KEPT = (
        "booking_request.kept",
        gettext_noop("Let none of the proposed times suit, and asks on"),
        "clock",
        Tone.NEUTRAL,
    )
    BOOKING_REQUEST_DECLINED = (
        "booking_request.declined",
        gettext_noop("Declined a request for a time"),
        "circle-x",
        Tone.WARNING,
    )
    BOOKING_REQUEST_WITHDRAWN = (
        "booking_request.withdrawn",
        gettext_noop("Withdrew a request for a time"),
        "undo-2",
        Tone.NEUTRAL,
    )
    BOOKING_REQUEST_EXPIRED = (
        "booking_request.expired",
        gettext_noop("A request for a time expired"),
        "clock",
        Tone.WARNING,
    )
    BOOKING_REQUEST_OVERTAKEN = (
        "booking_request.overtaken",
        gettext_noop("A request for another time was settled by what became of the %(appointment)s"),
        "calendar-sync",
        Tone.NEUTRAL,
    )
    REQUEST_SETTINGS_CHANGED = (
        "request_settings.changed",
        gettext_noop("Changed whether people can ask for times"),
        "settings",
        Tone.NEUTRAL,
    )
