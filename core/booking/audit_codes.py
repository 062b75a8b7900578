"""The audit codes of this app: what is decided about self-booking, and what people book themselves."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class BookingAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    BOOKING_SETTINGS_CHANGED = (
        "booking_settings.changed",
        gettext_noop("Changed who can book themselves"),
        "settings",
        Tone.NEUTRAL,
    )
    BOOKABLE_SERVICE_SAVED = (
        "bookable_service.saved",
        gettext_noop("Changed which %(services)s are booked online"),
        "calendar-plus",
        Tone.NEUTRAL,
    )
    BOOKABLE_SERVICE_REMOVED = (
        "bookable_service.removed",
        gettext_noop("Took one of the %(services)s off online booking"),
        "calendar-x",
        Tone.NEUTRAL,
    )
    BOOKABLE_PRACTITIONER_SAVED = (
        "bookable_practitioner.saved",
        gettext_noop("Changed which %(practitioners)s are booked online"),
        "calendar-plus",
        Tone.NEUTRAL,
    )
    BOOKABLE_PRACTITIONER_REMOVED = (
        "bookable_practitioner.removed",
        gettext_noop("Took one of the %(practitioners)s off online booking"),
        "calendar-x",
        Tone.NEUTRAL,
    )
    BOOKING_EXCEPTION_SET = (
        "booking_exception.set",
        gettext_noop("Changed whether they book themselves"),
        "user-cog",
        Tone.NEUTRAL,
    )
    INTAKE_QUESTION_SAVED = (
        "intake_question.saved",
        gettext_noop("Saved a question asked at booking"),
        "list-checks",
        Tone.NEUTRAL,
    )
    INTAKE_QUESTION_REMOVED = (
        "intake_question.removed",
        gettext_noop("Removed a question asked at booking"),
        "trash-2",
        Tone.NEUTRAL,
    )
    APPOINTMENT_SELF_MOVED = (
        "appointment.self_moved",
        gettext_noop("Chose another time themselves"),
        "calendar-sync",
        Tone.INFO,
    )
    APPOINTMENT_SELF_BOOKED = (
        "appointment.self_booked",
        gettext_noop("Booked it themselves"),
        "calendar-plus",
        Tone.SUCCESS,
    )
