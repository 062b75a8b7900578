"""Disputes as pages show them, to whoever bills; and what a payer reads of one."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Dispute, DisputeFile
from billing.rules.disputes import DisputeState
from core.files.rules.room import size_words
from core.kernel.translation import gettext_noop, translate
from portal.billing.presenters import shown

TONES = {
    DisputeState.WARNING_NEEDS_RESPONSE: "warning",
    DisputeState.WARNING_UNDER_REVIEW: "info",
    DisputeState.WARNING_CLOSED: "neutral",
    DisputeState.NEEDS_RESPONSE: "danger",
    DisputeState.UNDER_REVIEW: "info",
    DisputeState.PREVENTED: "neutral",
    DisputeState.WON: "success",
    DisputeState.LOST: "danger",
}
# What the bank gives as the reason, and what an answer should show.
_UNKNOWN = (gettext_noop("The bank gives no reason."), gettext_noop("Say what was agreed, and that it took place."))
_FRAUD = (
    gettext_noop("The holder of the card says that they did not pay this."),
    gettext_noop("Show that they know you: that they came, what they wrote, earlier payments by the same card."),
)
_ACCOUNT = (
    gettext_noop("The bank has returned the direct debit."),
    gettext_noop("The bank does not ask for an answer. Ask for the money another way."),
)
REASONS = {
    "fraudulent": _FRAUD,
    "unrecognized": _FRAUD,
    "duplicate": (
        gettext_noop("They say that they paid twice."),
        gettext_noop("Show that each payment was for something else, or that one was given back."),
    ),
    "product_not_received": (
        gettext_noop("They say that what was paid for did not take place."),
        gettext_noop("Show that it took place, or your terms of cancellation and that they knew them."),
    ),
    "product_unacceptable": (
        gettext_noop("They say that it was not what was agreed."),
        gettext_noop("Show what was agreed, and what they wrote after it."),
    ),
    "credit_not_processed": (
        gettext_noop("They say that money was promised back and did not come."),
        gettext_noop("Show the refund, or the terms by which there was none."),
    ),
    "subscription_canceled": (
        gettext_noop("They say that they had cancelled."),
        gettext_noop("Show your terms of cancellation, and when they cancelled."),
    ),
    "insufficient_funds": _ACCOUNT,
    "incorrect_account_details": _ACCOUNT,
    "bank_cannot_process": _ACCOUNT,
    "debit_not_authorized": _ACCOUNT,
}
TABS = (("open", gettext_lazy("Running")), ("closed", gettext_lazy("Decided")), ("", gettext_lazy("All")))


def row(dispute: Dispute, now: datetime) -> dict[str, Any]:
    """In a list, and at the head of its page."""
    why, advice = REASONS.get(dispute.reason, _UNKNOWN)
    return {
        "pk": dispute.pk,
        "payer": dispute.payment.payer_name,
        "amount": shown(dispute.money),
        "state": _(dispute.get_state_display()),
        "tone": TONES[dispute.stage],
        "why": translate(why),
        "advice": translate(advice),
        "opened_at": dispute.opened_at,
        "due_at": dispute.due_at if dispute.awaits_answer else None,
        "can_answer": dispute.can_be_answered(now),
        "is_late": dispute.awaits_answer and not dispute.can_be_answered(now),
    }


def page(dispute: Dispute, now: datetime) -> dict[str, Any]:
    """In full."""
    return {
        "row": row(dispute, now),
        "taken": shown(dispute.booked) if dispute.booked else "",
        "unbooked": shown(dispute.unbooked) if dispute.unbooked else "",
        "fee": shown(dispute.fee) if dispute.fee else "",
        "is_won": dispute.stage == DisputeState.WON,
        "is_lost": dispute.stage == DisputeState.LOST,
        "texts": [
            {"label": label, "text": text}
            for label, text in (
                (_("What happened"), dispute.explanation),
                (_("What was paid for"), dispute.what_was_sold),
                (_("When it took place"), dispute.when_it_was),
            )
            if text
        ],
        "files": [_file_row(each) for each in dispute.files.select_related("file")],
    }


def _file_row(row: DisputeFile) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "name": row.file.name,
        "kind": translate(str(DisputeFile.Kind(row.kind).label)),
        "size": size_words(row.file.size),
        "is_ready": row.file.is_ready,
        "state": row.file.get_state_display(),
    }
