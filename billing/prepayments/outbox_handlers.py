"""Promises about prepayments. Each looks again before it acts."""

from typing import Any

from billing import permissions
from billing.prepayments import messages, notifications, outbox_names
from billing.prepayments.actions.releasing import release_unpaid
from billing.prepayments.models import Prepayment
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from tenants.absolute_urls import path_of


def _page(message: OutboxMessage) -> str:
    return path_of("billing:prepayment", message.payload["prepayment"])


def _billing_staff(message: OutboxMessage) -> list[Any]:
    return [user.pk for user in permissions.billing_staff()]


_MONEY: dict[str, Any] = {"page": _page, "answerable": _billing_staff}


def _prepayment(message: OutboxMessage) -> Prepayment:
    return Prepayment.objects.select_related("client", "payer", "payer_agent").get(pk=message.payload["prepayment"])


@outbox.handler(outbox_names.MAIL_PREPAYMENT, label=gettext_noop("Mail: to be paid in advance"), is_mail=True, **_MONEY)
def mail_prepayment(message: OutboxMessage) -> None:
    """To whoever pays, as long as it can be paid."""
    prepayment = _prepayment(message)
    if not prepayment.is_payable(clock.now()):
        raise outbox.Obsolete(f"The prepayment is {prepayment.state}, or its time is up.")
    to = notifications.payer_of(prepayment)
    if to is None:
        raise outbox.Obsolete("The payer may not see it any more, or is switched off.")
    mail.send(
        message,
        messages.PREPAYMENT,
        to=to,
        content=lambda: notifications.asked_content(prepayment, to),
        about=prepayment.client,
    )


@outbox.handler(
    outbox_names.MAIL_RELEASED, label=gettext_noop("Mail: not paid in advance in time"), is_mail=True, **_MONEY
)
def mail_released(message: OutboxMessage) -> None:
    """To whoever was asked to pay."""
    prepayment = _prepayment(message)
    to = notifications.payer_of(prepayment)
    if to is None:
        raise outbox.Obsolete("The payer may not see it any more, or is switched off.")
    mail.send(
        message,
        messages.RELEASED,
        to=to,
        content=lambda: notifications.released_content(prepayment, to),
        about=prepayment.client,
    )


@outbox.handler(outbox_names.RELEASE_UNPAID, label=gettext_noop("Look at what was to be paid in advance"), **_MONEY)
def release(message: OutboxMessage) -> None:
    """Let the time go if nothing came."""
    prepayment, now = _prepayment(message), clock.now()
    if prepayment.state != Prepayment.State.ASKED or now < prepayment.due_at:
        raise outbox.Obsolete(f"The prepayment is {prepayment.state}, or has more time.")
    release_unpaid(prepayment=prepayment, now=now)
