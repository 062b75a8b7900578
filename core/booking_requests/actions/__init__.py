"""What is done about requests. Each act: door, rule, write, audit, outbox, in one transaction."""

from core.booking_requests.actions.answering import accept_request, decline_request, propose_times
from core.booking_requests.actions.asking import (
    accept_proposed,
    ask_by_link,
    ask_for_appointment,
    ask_to_move,
    keep_request,
    withdraw_request,
)
from core.booking_requests.actions.ending import expire_request, settle_overtaken
from core.booking_requests.actions.settings import change_request_settings

__all__ = [
    "accept_proposed",
    "accept_request",
    "ask_by_link",
    "ask_for_appointment",
    "ask_to_move",
    "change_request_settings",
    "decline_request",
    "expire_request",
    "keep_request",
    "propose_times",
    "settle_overtaken",
    "withdraw_request",
]
