"""The audit codes of this app: what is done to appointments and to the rules of the calendar."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class SchedulingAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    APPOINTMENT_ARRIVAL_REMOVED = (
        "appointment.arrival_removed",
        gettext_noop("Arrival taken back"),
        "undo-2",
        Tone.NEUTRAL,
    )
    APPOINTMENT_ARRIVED = "appointment.arrived", gettext_noop("Arrived"), "circle-check", Tone.SUCCESS
    APPOINTMENT_BOOKED = "appointment.booked", gettext_noop("Booked"), "calendar-plus", Tone.INFO
    APPOINTMENT_CANCELLED = "appointment.cancelled", gettext_noop("Cancelled"), "calendar-x", Tone.DANGER
    APPOINTMENT_CHANGED = "appointment.changed", gettext_noop("Changed"), "pencil", Tone.INFO
    APPOINTMENT_COMPLETED = "appointment.completed", gettext_noop("Completed"), "calendar-check", Tone.SUCCESS
    APPOINTMENT_CONFIRMED = "appointment.confirmed", gettext_noop("Confirmed"), "circle-check", Tone.SUCCESS
    APPOINTMENT_DELAYED = "appointment.delayed", gettext_noop("Said to be late"), "clock", Tone.WARNING
    APPOINTMENT_EXTENDED = "appointment.extended", gettext_noop("Extended"), "clock", Tone.WARNING
    APPOINTMENT_EXTENSION_TAKEN_BACK = (
        "appointment.extension_taken_back",
        gettext_noop("Took an extension back"),
        "clock",
        Tone.NEUTRAL,
    )
    APPOINTMENT_MOVED = "appointment.moved", gettext_noop("Moved"), "calendar-sync", Tone.WARNING
    APPOINTMENT_OVERRIDDEN = (
        "appointment.overridden",
        gettext_noop("Booked beside the working hours"),
        "triangle-alert",
        Tone.WARNING,
    )
    APPOINTMENT_TIME_ASKED = (
        "appointment.time_asked",
        gettext_noop("Asked for another time"),
        "calendar-sync",
        Tone.INFO,
    )
    BOOKABLE_RESOURCE_REMOVED = (
        "bookable_resource.removed",
        gettext_noop("Removed a room or equipment"),
        "trash-2",
        Tone.WARNING,
    )
    BOOKABLE_RESOURCE_SAVED = (
        "bookable_resource.saved",
        gettext_noop("Saved a room or equipment"),
        "map-pin",
        Tone.NEUTRAL,
    )
    CALENDAR_FEED_CHANGED = (
        "calendar_feed.changed",
        gettext_noop("Changed a calendar address"),
        "calendar-sync",
        Tone.INFO,
    )
    CALENDAR_FEED_ENDED = "calendar_feed.ended", gettext_noop("Ended a calendar address"), "calendar-x", Tone.WARNING
    CALENDAR_FEED_MADE = "calendar_feed.made", gettext_noop("Made a calendar address"), "calendar-plus", Tone.INFO
    CALENDAR_FEED_RENEWED = (
        "calendar_feed.renewed",
        gettext_noop("Took another calendar address"),
        "calendar-sync",
        Tone.WARNING,
    )
    CALENDAR_CHOSEN = (
        "calendar.chosen",
        gettext_noop("Chose what the own calendar shows"),
        "calendar-days",
        Tone.NEUTRAL,
    )
    CANCELLATION_POLICY_ADOPTED = (
        "cancellation_policy.adopted",
        gettext_noop("Adopted a cancellation policy"),
        "scale",
        Tone.NEUTRAL,
    )
    CLIENT_AVAILABILITY_SET = (
        "client_availability.set",
        gettext_noop("Set when they can come"),
        "calendar-days",
        Tone.NEUTRAL,
    )
    CLOSURE_ADDED = "closure.added", gettext_noop("Added a closure"), "lock", Tone.NEUTRAL
    CLOSURE_REMOVED = "closure.removed", gettext_noop("Took a closure back"), "lock", Tone.NEUTRAL
    DAY_HOURS_SET = "day_hours.set", gettext_noop("Set other hours on a day"), "calendar-days", Tone.NEUTRAL
    EXTERNAL_CALENDAR_ADDED = (
        "external_calendar.added",
        gettext_noop("Added another calendar"),
        "calendar-plus",
        Tone.NEUTRAL,
    )
    EXTERNAL_CALENDAR_ASKED = (
        "external_calendar.asked",
        gettext_noop("Had another calendar read"),
        "calendar-sync",
        Tone.NEUTRAL,
    )
    EXTERNAL_CALENDAR_REMOVED = (
        "external_calendar.removed",
        gettext_noop("Took another calendar away"),
        "calendar-x",
        Tone.WARNING,
    )
    SERIES_BOOKED = "series.booked", gettext_noop("Booked a series"), "repeat", Tone.INFO
    SERIES_CHANGED = "series.changed", gettext_noop("Changed a series"), "repeat", Tone.INFO
    SERIES_MOVED = "series.moved", gettext_noop("Moved a series"), "repeat", Tone.WARNING
    SERIES_ENDED = "series.ended", gettext_noop("Ended a series"), "repeat", Tone.DANGER
    SERIES_EXTENDED = "series.extended", gettext_noop("Made the next dates of a series"), "repeat", Tone.NEUTRAL
    SERIES_STOPPED = "series.stopped", gettext_noop("A series makes no more dates"), "repeat", Tone.WARNING
    TIME_OFF_ADDED = "time_off.added", gettext_noop("Added time off"), "calendar-x", Tone.NEUTRAL
    TIME_OFF_REMOVED = "time_off.removed", gettext_noop("Took time off back"), "calendar-check", Tone.NEUTRAL
    WORKING_HOURS_SET = "working_hours.set", gettext_noop("Set working hours"), "clock", Tone.NEUTRAL
    COMPLETION_TYPE_SAVED = (
        "completion_type.saved",
        gettext_noop("Saved a way to complete"),
        "list-checks",
        Tone.NEUTRAL,
    )
    REMINDERS_CHOSEN = "reminders.chosen", gettext_noop("Chose own reminders"), "bell", Tone.NEUTRAL
    SERVICE_REMINDERS_SET = (
        "service_reminders.set",
        gettext_noop("Set reminders of %(service:a|an)s %(service)s"),
        "bell",
        Tone.NEUTRAL,
    )
    SCHEDULING_SETTINGS_CHANGED = (
        "scheduling_settings.changed",
        gettext_noop("Changed the rules of the calendar"),
        "settings",
        Tone.NEUTRAL,
    )
    WORK_HANDED_OVER = "work.handed_over", gettext_noop("Work handed over"), "users", Tone.WARNING
    HAND_OVER_UNDONE = "hand_over.undone", gettext_noop("Hand-over undone"), "undo-2", Tone.INFO
