"""The organization's account at the processor, and the cards its payers keep there."""

from django.db.models import QuerySet

from billing.models import PaymentAccount, SavedCard
from core.people.models import User


def account_in_use() -> PaymentAccount | None:
    """The connected account, ready or not; None when there is none."""
    return PaymentAccount.objects.exclude(state=PaymentAccount.State.DISCONNECTED).first()


def are_cards_off() -> bool:
    """Whether the organization has taken cards, and cannot at the moment: held back by the processor, or disconnected."""
    account = account_in_use()
    if account is not None:
        return account.state == PaymentAccount.State.RESTRICTED
    return PaymentAccount.objects.exists()


def saved_cards(user: User) -> "QuerySet[SavedCard]":
    """The person's cards on the account in use."""
    return SavedCard.objects.filter(customer__user=user, removed_at=None).exclude(
        customer__account__state=PaymentAccount.State.DISCONNECTED
    )
