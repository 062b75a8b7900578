"""What can be done with the calendar. Each act: door, rule, write, audit, signal, outbox, in one transaction."""

from core.scheduling.actions.answers import ask_for_other_time, confirm_appointment, tell_late
from core.scheduling.actions.arrivals import note_arrival, take_back_arrival
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
from core.scheduling.actions.calendar_choice import choose_calendar
from core.scheduling.actions.cancellation import cancel_appointment
from core.scheduling.actions.cancellation_policy import adopt_policy, allow_client_cancellations, set_no_show_clock
from core.scheduling.actions.client_availability import set_client_availability
from core.scheduling.actions.completion import complete_appointment
from core.scheduling.actions.completion_types import save_completion_type
from core.scheduling.actions.edit import edit_appointment
from core.scheduling.actions.extension import extend_appointment, take_back_extension
from core.scheduling.actions.external import (
    add_external_calendar,
    read_again,
    read_external_calendar,
    read_forgotten_calendars,
    remove_external_calendar,
)
from core.scheduling.actions.feeds import end_feed, end_feed_of, renew_feed, set_feed
from core.scheduling.actions.hand_overs import hand_over, undo_hand_over
from core.scheduling.actions.move import move_appointment
from core.scheduling.actions.reminders import set_own_reminders, set_reminders, set_service_reminders
from core.scheduling.actions.resources import remove_resource, save_resource
from core.scheduling.actions.series import book_series, make_dates_ahead
from core.scheduling.actions.series_edits import edit_series
from core.scheduling.actions.series_ends import cancel_series, set_end_of_series
from core.scheduling.actions.series_moves import move_series

__all__ = [
    "add_closure",
    "add_external_calendar",
    "add_time_off",
    "adopt_policy",
    "allow_client_cancellations",
    "ask_for_other_time",
    "book_appointment",
    "book_series",
    "cancel_appointment",
    "cancel_series",
    "choose_calendar",
    "complete_appointment",
    "confirm_appointment",
    "edit_appointment",
    "edit_series",
    "end_feed",
    "end_feed_of",
    "extend_appointment",
    "hand_over",
    "keep_public_holidays",
    "make_dates_ahead",
    "move_appointment",
    "move_series",
    "read_again",
    "read_external_calendar",
    "read_forgotten_calendars",
    "note_arrival",
    "remove_closure",
    "remove_external_calendar",
    "remove_resource",
    "remove_time_off",
    "renew_feed",
    "save_completion_type",
    "save_resource",
    "set_client_availability",
    "set_day_hours",
    "set_end_of_series",
    "set_feed",
    "set_no_show_clock",
    "set_own_reminders",
    "set_reminders",
    "set_service_reminders",
    "set_working_hours",
    "take_back_arrival",
    "take_back_extension",
    "tell_late",
    "undo_hand_over",
]
