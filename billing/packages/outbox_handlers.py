"""Mails about packages leave when the outbox says so."""

from collections.abc import Callable

from billing.packages import notifications, outbox_names
from billing.packages.messages import EXPIRING, LOW
from billing.packages.models import Purchase
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.notifications.messages import Content, Message


def _page(message: OutboxMessage) -> str:
    return notifications.page_of(message.payload["purchase"])


@outbox.handler(outbox_names.MAIL_LOW, label=gettext_noop("Mail: package nearly used up"), page=_page, is_mail=True)
def mail_low(message: OutboxMessage) -> None:
    """To the payer, with what was left."""
    _mail(message, LOW, notifications.low_content)


@outbox.handler(outbox_names.MAIL_EXPIRING, label=gettext_noop("Mail: package ends soon"), page=_page, is_mail=True)
def mail_expiring(message: OutboxMessage) -> None:
    """To the payer, before the end."""
    purchase = _purchase(message)
    if purchase.expires_on is None or purchase.expires_on < clock.now().date():
        raise outbox.Obsolete("the package has ended")
    _mail(message, EXPIRING, notifications.expiring_content)


def _purchase(message: OutboxMessage) -> Purchase:
    found = Purchase.objects.select_related("client", "invoice__payer_user").filter(pk=message.payload["purchase"])
    purchase = found.first()
    if purchase is None:
        raise outbox.Obsolete("the package is gone")
    return purchase


def _mail(message: OutboxMessage, what: Message, content: Callable[[Purchase, int], Content]) -> None:
    purchase, left = _purchase(message), int(message.payload["left"])
    to = notifications.payer_of(purchase)
    if to is None:
        raise outbox.Obsolete("the payer may not see it any more, or has no address")
    mail.send(message, what, to=to, content=lambda: content(purchase, left), about=purchase)
