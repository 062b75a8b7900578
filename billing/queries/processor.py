"""The organization's account at the processor, and the cards its payers keep there."""

from django.db.models import QuerySet

from billing.models import PaymentAccount, SavedCard
from core.people.models import User


def account_in_use() -> PaymentAccount | None:
    """The connected account, ready or not; None when there is none."""
    return PaymentAccount.objects.exclude(state=PaymentAccount.State.DISCONNECTED).first()


def saved_cards(user: User) -> "QuerySet[SavedCard]":
    """The person's cards on the account in use."""
    return SavedCard.objects.filter(customer__user=user, removed_at=None).exclude(
        customer__account__state=PaymentAccount.State.DISCONNECTED
    )
