"""What is done about the sender of mail."""

from branding.senders.actions.choice import change_replies, choose_way
from branding.senders.actions.domain import check_domain, look_again, name_domain, nightly, rotate_keys
from branding.senders.actions.proofs import confirm_code, request_code
from branding.senders.actions.server import change_server, check_server, note_server_failure, note_server_success
from branding.senders.actions.trials import note_test, request_test

__all__ = [
    "change_replies", "change_server", "check_domain", "check_server", "choose_way", "confirm_code", "look_again", "name_domain",
    "nightly",    "note_server_failure", "note_server_success", "note_test", "request_code", "request_test", "rotate_keys",
]  # fmt: skip
