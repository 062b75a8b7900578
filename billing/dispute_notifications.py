"""Who is told of disputes, of payouts that bounce, and of the account: everybody who bills, behind the bell, in their own language."""

from collections.abc import Callable
from typing import Any

from babel.dates import format_date

from billing import dispute_messages as messages
from billing import permissions
from billing.addresses import account_page, dispute_page
from billing.models import BouncedPayout, Dispute, PaymentAccount
from billing.queries import organization
from billing.rules.disputes import DisputeState
from branding.queries import locale_of
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.messages import Message


def dispute_opened(dispute: Dispute) -> None:
    """A payer has disputed a payment, or their bank asks about one."""
    _tell(messages.DISPUTE_OPENED, dispute, lambda language: _last_day(dispute, language) | _inquiry(dispute))


def dispute_due(dispute: Dispute) -> None:
    """The last day comes near, and nobody has answered."""
    _tell(messages.DISPUTE_DUE, dispute, lambda language: _last_day(dispute, language))


def dispute_closed(dispute: Dispute) -> None:
    """The bank has decided, or asks no more."""

    def facts(language: str) -> dict[str, str]:
        fee = dispute.fee.format(language) if dispute.fee else ""
        return {"is_won": _yes(dispute.stage == DisputeState.WON), "fee": fee} | _inquiry(dispute)

    _tell(messages.DISPUTE_CLOSED, dispute, facts)


def dispute_beyond_books(dispute: Dispute) -> None:
    """The bank took more back than the payment had left."""
    _tell(messages.DISPUTE_BEYOND_BOOKS, dispute, lambda language: {"amount": dispute.unbooked.format(language)})


def payout_bounced(payout: BouncedPayout) -> None:
    """The organization's bank has sent a payout back."""
    for user in permissions.billing_staff():
        with in_language_of(user) as language:
            amount = payout.money.format(language)
            notices.post(messages.PAYOUT_BOUNCED, user_id=user.pk, path=account_page(), concerns=payout, amount=amount)


def account_changed(account: PaymentAccount) -> None:
    """Cards cannot be charged any more, or can be again."""
    is_gone = account.state == PaymentAccount.State.DISCONNECTED
    for user in permissions.billing_staff():
        with in_language_of(user):
            facts = {"is_ready": _yes(account.is_ready), "is_gone": _yes(is_gone)}
            notices.post(messages.ACCOUNT_CHANGED, user_id=user.pk, path=account_page(), concerns=account, **facts)


def _tell(message: Message, dispute: Dispute, facts: Callable[[str], dict[str, Any]]) -> None:
    for user in permissions.billing_staff():
        with in_language_of(user) as language:
            values = {"amount": dispute.money.format(language), "payer": dispute.payment.payer_name, **facts(language)}
            notices.post(message, user_id=user.pk, path=dispute_page(dispute.pk), concerns=dispute, **values)


def _last_day(dispute: Dispute, language: str) -> dict[str, str]:
    """Until when it can be answered, where the organization is."""
    if dispute.due_at is None:
        return {"due_on": ""}
    return {"due_on": str(format_date(organization.today(dispute.due_at), "long", locale=locale_of(language)))}


def _inquiry(dispute: Dispute) -> dict[str, str]:
    return {"is_inquiry": _yes(dispute.is_inquiry)}


def _yes(is_so: bool) -> str:
    return translate("yes") if is_so else ""
