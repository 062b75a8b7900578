"""What scheduling keeps."""

from core.scheduling.models.appointments import Appointment, Participant
from core.scheduling.models.cancellations import Cancellation, CancellationPolicy, PolicyLevel
from core.scheduling.models.completions import Attendance, Completion, CompletionType
from core.scheduling.models.reminders import Reminder
from core.scheduling.models.resources import BookableResource, Reservation
from core.scheduling.models.settings import SchedulingSettings

__all__ = [
    "Appointment",
    "Attendance",
    "BookableResource",
    "Cancellation",
    "CancellationPolicy",
    "Completion",
    "CompletionType",
    "Participant",
    "PolicyLevel",
    "Reminder",
    "Reservation",
    "SchedulingSettings",
]
