"""What can be done with the calendar. Each act: door, rule, write, audit, signal, outbox, in one transaction."""

from core.scheduling.actions.answers import ask_for_other_time, confirm_appointment, tell_late
from core.scheduling.actions.availability import (
    add_closure,
    add_time_off,
    keep_public_holidays,
    remove_closure,
    remove_time_off,
    set_day_hours,
    set_working_hours,
)
from core.scheduling.actions.booking import book_appointment
from core.scheduling.actions.cancellation import cancel_appointment
from core.scheduling.actions.cancellation_policy import adopt_policy, allow_client_cancellations
from core.scheduling.actions.completion import complete_appointment
from core.scheduling.actions.completion_types import save_completion_type
from core.scheduling.actions.edit import edit_appointment
from core.scheduling.actions.move import move_appointment
from core.scheduling.actions.reminders import set_own_reminders, set_reminders, set_service_reminders
from core.scheduling.actions.resources import remove_resource, save_resource
from core.scheduling.actions.series import book_series, make_dates_ahead
from core.scheduling.actions.series_changes import cancel_series, edit_series, move_series, set_end_of_series

__all__ = [
    "add_closure",
    "add_time_off",
    "adopt_policy",
    "allow_client_cancellations",
    "ask_for_other_time",
    "book_appointment",
    "book_series",
    "cancel_appointment",
    "cancel_series",
    "complete_appointment",
    "confirm_appointment",
    "edit_appointment",
    "edit_series",
    "keep_public_holidays",
    "make_dates_ahead",
    "move_appointment",
    "move_series",
    "remove_closure",
    "remove_resource",
    "remove_time_off",
    "save_completion_type",
    "save_resource",
    "set_day_hours",
    "set_end_of_series",
    "set_own_reminders",
    "set_reminders",
    "set_service_reminders",
    "set_working_hours",
    "tell_late",
]
