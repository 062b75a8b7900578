"""What scheduling keeps."""

from core.scheduling.models.answers import AppointmentLink, Confirmation, LateNotice
from core.scheduling.models.appointments import Appointment, Participant
from core.scheduling.models.arrivals import Arrival
from core.scheduling.models.availability import (
    AvailabilityOverride,
    Closure,
    DayHours,
    ScheduleSettings,
    TimeOff,
    WorkingHours,
)
from core.scheduling.models.calendar_choices import CalendarChoice
from core.scheduling.models.cancellations import Cancellation, CancellationPolicy, PolicyLevel
from core.scheduling.models.client_availability import AvailabilityWindow, ClientAvailability
from core.scheduling.models.completions import Attendance, Completion, CompletionType
from core.scheduling.models.extensions import Extension
from core.scheduling.models.external import BusyTime, ExternalCalendar
from core.scheduling.models.feeds import CalendarFeed
from core.scheduling.models.former_notes import FormerNote
from core.scheduling.models.hand_overs import HandOver
from core.scheduling.models.reminders import ChannelReminder, Reminder, ReminderPreference, ServiceReminders
from core.scheduling.models.resources import BookableResource, Reservation
from core.scheduling.models.series import AppointmentSeries
from core.scheduling.models.settings import SchedulingSettings

__all__ = [
    "Appointment",
    "AppointmentLink",
    "AppointmentSeries",
    "Arrival",
    "Attendance",
    "AvailabilityOverride",
    "AvailabilityWindow",
    "BookableResource",
    "BusyTime",
    "CalendarChoice",
    "CalendarFeed",
    "Cancellation",
    "CancellationPolicy",
    "ChannelReminder",
    "ClientAvailability",
    "Closure",
    "Completion",
    "CompletionType",
    "Confirmation",
    "DayHours",
    "Extension",
    "ExternalCalendar",
    "FormerNote",
    "HandOver",
    "LateNotice",
    "Participant",
    "PolicyLevel",
    "Reminder",
    "ReminderPreference",
    "Reservation",
    "ScheduleSettings",
    "SchedulingSettings",
    "ServiceReminders",
    "TimeOff",
    "WorkingHours",
]
