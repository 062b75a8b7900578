"""What is done with forms."""

from core.records.questionnaires.actions.forms import (
    archive_form,
    change_items,
    change_words,
    create_form,
    restore_form,
)
from core.records.questionnaires.actions.requests import (
    decline_request,
    remind,
    remind_of_what_is_due,
    reopen_request,
    send_forms,
    withdraw_request,
)
from core.records.questionnaires.actions.responses import (
    add_response_file,
    answers_read,
    remove_response_file,
    response_file_read,
    submit_answers,
    write_answers,
)

__all__ = [
    "add_response_file",
    "answers_read",
    "archive_form",
    "change_items",
    "change_words",
    "create_form",
    "decline_request",
    "remind",
    "remind_of_what_is_due",
    "remove_response_file",
    "reopen_request",
    "response_file_read",
    "restore_form",
    "send_forms",
    "submit_answers",
    "withdraw_request",
    "write_answers",
]
