"""The delivery log as it is written: what was handed over, what failed and why, what the mail's provider reported since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.kernel import audit, clock, outbox
from core.kernel.errors import ConflictError
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.notifications.audit_codes import NotificationsAudit
from core.notifications.models import Delivery
from core.notifications.rules.channels import Channel
from tenants.context import current_organization

State = Delivery.State

# What is reported later counts only if it says more: a provider's events come in any order, and more than once.
_RANK = {
    State.TRYING: 0, State.FAILED: 0, State.VOID: 0,
    State.SENT: 1, State.DEFERRED: 2, State.DELIVERED: 3, State.BOUNCED: 4, State.COMPLAINED: 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """What is known of a message before it is written: its kind, to whom, about what."""

    kind: str
    recipient_id: str
    address: str
    about_kind: str = ""
    about_id: str = ""
    is_test: bool = False
    channel: str = Channel.EMAIL


@dataclass(slots=True)
class Attempt:
    """How far a message has come, for the log of its failure."""

    letter: Letter
    message_id: str
    subject: str = ""


def begin(promise: OutboxMessage, letter: Letter, message_id: str) -> Attempt:
    """It is known to whom a message goes: what fails from now on stands in the log with that."""
    attempt = promise.__dict__["_attempt"] = Attempt(letter, message_id)
    return attempt


def attempt_of(promise: OutboxMessage) -> Attempt | None:
    """How far the message of this promise came in the attempt that is just ending; None when it was not even known to whom."""
    return promise.__dict__.get("_attempt")


def letter_of(delivery: Delivery) -> Letter:
    """What the log knows of the mail."""
    return Letter(
        delivery.kind,
        delivery.recipient_id,
        delivery.address,
        delivery.about_kind,
        delivery.about_id,
        is_test=delivery.is_test,
        channel=delivery.channel,
    )


def message_id_of(message: OutboxMessage, host: str = "") -> str:
    """The Message-ID of the mail that keeps this promise: the same at every attempt, also where nothing is known of the first.

    The one in the log, where an attempt is known; else of what never changes, at the `host` of the own sender, where there is one. With a dot
    behind the @, as a host would have it, because filters look for one.
    """
    known = Delivery.objects.filter(promise_id=message.pk).values_list("message_id", flat=True).first()
    return known or f"<{message.pk}@{host or f'mail.{current_organization().pk}'}>"


def log(
    message: OutboxMessage,
    letter: Letter,
    *,
    message_id: str,
    state: State,
    subject: str = "",
    reason: Reason | None = None,
    detail: str = "",
) -> Delivery:
    """Write the one row of this promise, or write it anew."""
    now = clock.now()
    values: dict[str, Any] = {
        "kind": letter.kind,
        "channel": letter.channel,
        "recipient_id": letter.recipient_id,
        "address": letter.address,
        "message_id": message_id,
        "state": state,
        "detail": detail[:2000],
        "reason_code": reason.code.value if reason else "",
        "reason_values": reason.stored_values() if reason else {},
        "about_kind": letter.about_kind,
        "about_id": letter.about_id,
        "is_test": letter.is_test,
        "promise_name": message.name,
        "author_id": message.author_id,
        "changed_at": now,
    }
    if subject:
        values["subject"] = subject[:200]
    delivery, _ = Delivery.objects.update_or_create(
        promise_id=message.pk, defaults=values, create_defaults={"subject": subject[:200], **values, "created_at": now}
    )
    return delivery


def report(delivery: Delivery, state: State, *, at: datetime, reason: Reason | None = None, detail: str = "") -> bool:
    """Note what the provider says of a mail that has left; returns whether it was news."""
    if _RANK[state] <= _RANK[State(delivery.state)]:
        return False
    delivery.state, delivery.changed_at, delivery.detail = state, at, detail[:2000]
    delivery.reason_code = reason.code.value if reason else ""
    delivery.reason_values = reason.stored_values() if reason else {}
    delivery.save(update_fields=["state", "changed_at", "detail", "reason_code", "reason_values"])
    return True


def withdraw(message: OutboxMessage, reason: Reason) -> None:
    """Note that a mail that had failed, or was wanted again, is not sent, because it no longer holds."""
    Delivery.objects.filter(promise_id=message.pk).exclude(state__in=LEFT).update(
        state=State.VOID,
        reason_code=reason.code.value,
        reason_values=reason.stored_values(),
        detail="",
        changed_at=clock.now(),
    )


def send_again(delivery: Delivery, *, by: Any) -> OutboxMessage:
    """Promise the same mail once more: what failed is tried again now, what has left goes out anew.

    ConflictError when what was promised is not kept any more, as with mail of earlier releases.
    """
    message = promise_behind(delivery)
    if message is None:
        raise ConflictError(
            "promise_gone", translate("This mail cannot be sent again from here. Do again what it tells of.")
        )
    audit.record(NotificationsAudit.MAIL_SENT_AGAIN, by=by, subject=delivery)
    return outbox.repeat(message, by=by)


def promise_behind(delivery: Delivery) -> OutboxMessage | None:
    """The promise that the mail kept, if it can be made once more."""
    message = OutboxMessage.objects.filter(pk=delivery.promise_id).first() if delivery.promise_id else None
    return message if message is not None and message.name in outbox.handler_names() else None


LEFT = [State.SENT, State.DELIVERED, State.DEFERRED, State.BOUNCED, State.COMPLAINED]
