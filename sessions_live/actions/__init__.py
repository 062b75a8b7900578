"""Everything that can be done in live rooms. Keyword-only, with `by` and `now`; each in one transaction with its audit row."""

from sessions_live.actions.admissions import (
    admit,
    admit_all,
    ask_admission,
    deny,
    leave,
    room_full,
    withdraw_admissions,
)
from sessions_live.actions.chat import post_message
from sessions_live.actions.rooms import CLOSED, check_open, end_session, move_to_server, open_room
from sessions_live.actions.settings import change_live_settings, change_recording_settings

__all__ = [
    "CLOSED",
    "admit",
    "admit_all",
    "ask_admission",
    "change_live_settings",
    "change_recording_settings",
    "check_open",
    "deny",
    "end_session",
    "leave",
    "move_to_server",
    "open_room",
    "post_message",
    "room_full",
    "withdraw_admissions",
]
