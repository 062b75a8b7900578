"""What is done to legal texts, and what people answer to them."""

from core.legal.actions.answers import Given, answer_texts, note_export, withdraw_consent
from core.legal.actions.publication import publish_text, return_text, withdraw_text
from core.legal.actions.texts import add_consent, change_asking, delete_text, discard_draft, write_draft

__all__ = [
    "Given",
    "add_consent",
    "answer_texts",
    "change_asking",
    "delete_text",
    "discard_draft",
    "note_export",
    "publish_text",
    "return_text",
    "withdraw_consent",
    "withdraw_text",
    "write_draft",
]
