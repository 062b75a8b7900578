"""What is done with resources. Each act: door, rule, write, audit, in one transaction."""

from core.resources.actions.cards import (
    add_card,
    add_cards,
    add_lines,
    add_set,
    change_card,
    order_cards,
    remove_card,
)
from core.resources.actions.pages import arrange_pages
from core.resources.actions.resources import (
    FRESH_COPY,
    PURPOSE,
    add_file,
    add_link,
    add_to_list,
    change_resource,
    delete_resource,
    replace_file,
    restore_version,
    set_favorite,
    share_resource,
    take_off_list,
    withdraw_resource,
)
from core.resources.actions.tables import play_alone

__all__ = [
    "FRESH_COPY", "PURPOSE", "add_card", "add_cards", "add_file", "add_lines", "add_link", "add_set", "add_to_list", "arrange_pages", "change_card",
    "change_resource", "delete_resource", "order_cards", "play_alone", "remove_card", "replace_file", "restore_version", "set_favorite",
    "share_resource", "take_off_list", "withdraw_resource",
]  # fmt: skip
