"""What is done with notes, goals and files. Each act: door, rule, write, audit, outbox, in one transaction."""

from core.records.actions.files import (
    add_client_file,
    client_file_read,
    remove_client_file,
    share_client_file,
    withdraw_client_file,
)
from core.records.actions.goals import (
    change_goal,
    goal_read,
    note_progress,
    remove_progress,
    set_goal,
    share_goal,
    tick_step,
    withdraw_goal,
)
from core.records.actions.notes import (
    begin_note,
    bring_back_version,
    forget_unwritten,
    note_read,
    note_search,
    note_versions_read,
    remove_note,
    set_aside,
    write_note,
)
from core.records.actions.sharing import share_note, withdraw_note
from core.records.actions.signing import amend_note, sign_note
from core.records.actions.templates import remove_template, save_template

__all__ = [
    "add_client_file",
    "amend_note",
    "begin_note",
    "bring_back_version",
    "change_goal",
    "client_file_read",
    "forget_unwritten",
    "goal_read",
    "note_progress",
    "note_read",
    "note_search",
    "note_versions_read",
    "remove_client_file",
    "remove_note",
    "remove_progress",
    "remove_template",
    "save_template",
    "set_aside",
    "set_goal",
    "share_client_file",
    "share_goal",
    "share_note",
    "sign_note",
    "tick_step",
    "withdraw_client_file",
    "withdraw_goal",
    "withdraw_note",
    "write_note",
]
