"""Who is told of differences: everybody who bills, behind the bell."""

from billing.permissions import billing_staff
from billing.reconciliation import messages
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from tenants.absolute_urls import path_of


def books_differ(number: int) -> None:
    """The comparison has found so many, some of them new."""
    for user in billing_staff():
        with in_language_of(user):
            facts = {"number": str(number), "one": translate("yes") if number == 1 else ""}
            notices.post(messages.DIFFERENCES, user_id=user.pk, path=path_of("billing:reconciliation"), **facts)
