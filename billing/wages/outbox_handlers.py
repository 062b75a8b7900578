"""The mail about a payout leaves when the outbox says so."""

from billing.wages import notifications, outbox_names
from billing.wages.messages import PAYOUT
from billing.wages.models import Payout
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.notifications.mail import Recipient
from tenants.absolute_urls import path_of


def _page(message: OutboxMessage) -> str:
    return path_of("billing:payout", message.payload["payout"])


@outbox.handler(outbox_names.MAIL_PAYOUT, label=gettext_noop("Mail: wages paid out"), page=_page, is_mail=True)
def mail_payout(message: OutboxMessage) -> None:
    """To whoever was paid, if their login still works."""
    payout = Payout.objects.select_related("run", "practitioner__user").filter(pk=message.payload["payout"]).first()
    if payout is None or not payout.run.is_paid:
        raise outbox.Obsolete("the payout is not paid")
    user = payout.practitioner.user
    if not user.is_active:
        raise outbox.Obsolete("the login is switched off")
    mail.send(
        message,
        PAYOUT,
        to=Recipient(str(user.pk), user.name, user.email, user.time_zone, user.reads),
        content=lambda: notifications.content_of(payout, user),
        about=payout.practitioner,
    )
