"""What an organization sets up about money before it is live."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.models import PaymentAccount, Service
from core.people.roles import Permission
from portal.setup_steps import SetupStep, StepState
from tenants import entitlements


def _accounts(state: str) -> "QuerySet[PaymentAccount]":
    return PaymentAccount.objects.filter(state=state)


def _is_in_plan() -> bool:
    return entitlements.allows(entitlements.BILLING)


STEPS = (
    SetupStep(
        "services", _("Say what you offer"), _("%(Services)s with their length and price; you choose from them when you book."),
        "clipboard-list", "billing:services", 50, 5, Permission.MANAGE_BILLING,
        done=lambda: Service.objects.filter(is_active=True), offered=_is_in_plan,
    ),
    SetupStep(
        "payments", _("Take payments by card"), _("People pay online, and the money goes to your own account."),
        "credit-card", "billing:account", 60, 10, Permission.MANAGE_BILLING,
        done=lambda: _accounts(PaymentAccount.State.ACTIVE),
        waiting=lambda: _accounts(PaymentAccount.State.PENDING),
        wrong=lambda: _accounts(PaymentAccount.State.RESTRICTED),
        whys={
            StepState.WAITING: _("The payment processor still looks at your details, or waits for some."),
            StepState.WRONG: _("The payment processor holds your account back until it has what it asks for."),
        },
        offered=_is_in_plan,
    ),
)  # fmt: skip
