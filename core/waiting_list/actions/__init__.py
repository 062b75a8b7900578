"""What is done about the waiting list. Each act: door, rule, write, audit, outbox, in one transaction."""

from core.waiting_list.actions.answering import accept_offer, decline_offer, end_taken_offer, expire_offer
from core.waiting_list.actions.entries import add_entry, end_past_entries, remove_entry
from core.waiting_list.actions.offering import (
    offer_by_hand,
    offer_freed,
    promise_days,
    promise_each_day,
    promise_offer,
    promise_places,
)
from core.waiting_list.actions.places import offer_place_by_hand, offer_places, promise_coming_places
from core.waiting_list.actions.settings import change_waiting_settings

__all__ = [
    "accept_offer",
    "add_entry",
    "change_waiting_settings",
    "decline_offer",
    "end_past_entries",
    "end_taken_offer",
    "expire_offer",
    "offer_by_hand",
    "offer_freed",
    "offer_place_by_hand",
    "offer_places",
    "promise_coming_places",
    "promise_days",
    "promise_each_day",
    "promise_offer",
    "promise_places",
    "remove_entry",
]
