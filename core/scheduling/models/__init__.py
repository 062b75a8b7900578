"""What scheduling keeps."""

from core.scheduling.models.answers import AppointmentLink, Confirmation, LateNotice
from core.scheduling.models.appointments import Appointment, Participant
from core.scheduling.models.availability import (
    AvailabilityOverride,
    Closure,
    DayHours,
    ScheduleSettings,
    TimeOff,
    WorkingHours,
)
from core.scheduling.models.cancellations import Cancellation, CancellationPolicy, PolicyLevel
from core.scheduling.models.completions import Attendance, Completion, CompletionType
from core.scheduling.models.former_notes import FormerNote
from core.scheduling.models.reminders import Reminder, ReminderPreference, ServiceReminders
from core.scheduling.models.resources import BookableResource, Reservation
from core.scheduling.models.series import AppointmentSeries
from core.scheduling.models.settings import SchedulingSettings

__all__ = [
    "Appointment",
    "AppointmentLink",
    "AppointmentSeries",
    "Attendance",
    "AvailabilityOverride",
    "BookableResource",
    "Cancellation",
    "CancellationPolicy",
    "Closure",
    "Completion",
    "CompletionType",
    "Confirmation",
    "DayHours",
    "FormerNote",
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
