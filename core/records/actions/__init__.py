"""What is done with notes, goals, files and scores. Each act: door, rule, write, audit, outbox, in one transaction."""

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
from core.records.actions.scores import (
    change_score,
    remove_score,
    save_score,
    scores_read,
    share_score,
    withdraw_score,
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
    "change_score",
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
    "remove_score",
    "remove_template",
    "save_score",
    "save_template",
    "scores_read",
    "set_aside",
    "set_goal",
    "share_client_file",
    "share_goal",
    "share_note",
    "share_score",
    "sign_note",
    "tick_step",
    "withdraw_client_file",
    "withdraw_goal",
    "withdraw_note",
    "withdraw_score",
    "write_note",
]
