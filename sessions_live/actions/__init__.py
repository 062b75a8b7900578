"""Everything that can be done in live rooms. Keyword-only, with `by` and `now`; each in one transaction with its audit row."""

from sessions_live.actions.admissions import (
    admit,
    admit_all,
    admit_into,
    ask_admission,
    deny,
    leave,
    room_full,
    withdraw_admissions,
)
from sessions_live.actions.chat import PrivateMessage, post_message, private_message
from sessions_live.actions.hands import lower_hand, raise_hand
from sessions_live.actions.in_call import lock_room, set_spotlight
from sessions_live.actions.rooms import (
    CLOSED,
    check_open,
    end_session,
    move_to_server,
    open_personal_room,
    open_room,
)
from sessions_live.actions.settings import change_live_settings, change_recording_settings
from sessions_live.actions.videos import close_video, open_video, steer_video
from sessions_live.actions.work_area import hide_work_area

__all__ = [
    "CLOSED",
    "PrivateMessage",
    "admit",
    "admit_all",
    "admit_into",
    "ask_admission",
    "change_live_settings",
    "change_recording_settings",
    "check_open",
    "close_video",
    "deny",
    "end_session",
    "hide_work_area",
    "leave",
    "lock_room",
    "lower_hand",
    "move_to_server",
    "open_personal_room",
    "open_room",
    "open_video",
    "post_message",
    "private_message",
    "raise_hand",
    "room_full",
    "set_spotlight",
    "steer_video",
    "withdraw_admissions",
]
