"""What is done about self-booking. Each act: door, rule, write, audit, signal, outbox, in one transaction."""

from core.booking.actions.confirming import book_held, book_held_for_visitor, why_not_first_visit
from core.booking.actions.holding import find_hold, forget_old_holds, hold_again, hold_time, let_go
from core.booking.actions.moving import movable_by, move_by_link
from core.booking.actions.proving import ask_for_code, keep_details, prove_address
from core.booking.actions.settings import (
    change_booking_settings,
    remove_bookable_practitioner,
    remove_bookable_service,
    remove_question,
    save_bookable_practitioner,
    save_bookable_service,
    save_question,
    set_exception,
)

__all__ = [
    "ask_for_code",
    "book_held",
    "book_held_for_visitor",
    "change_booking_settings",
    "find_hold",
    "forget_old_holds",
    "hold_again",
    "hold_time",
    "keep_details",
    "let_go",
    "movable_by",
    "move_by_link",
    "prove_address",
    "remove_bookable_practitioner",
    "remove_bookable_service",
    "remove_question",
    "save_bookable_practitioner",
    "save_bookable_service",
    "save_question",
    "set_exception",
    "why_not_first_visit",
]
