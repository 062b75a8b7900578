"""The organization's own account at the processor: connected, looked at, disconnected."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from billing import dispute_notifications as notifications
from billing import outbox_names, permissions
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.gateways.base import AccountFacts
from billing.models import PaymentAccount
from billing.queries import organization
from billing.queries.processor import account_in_use
from branding.queries import published_brand
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError, GatewayError
from core.kernel.translation import translate
from core.people.models import User
from tenants.absolute_urls import host_url, organization_host
from tenants.context import current_organization
from tenants.external_accounts import link_account

KIND = "stripe"
FIRST_LOOK = timedelta(minutes=2)


def connect_account(*, done: str, again: str, by: User, now: datetime) -> str:
    """Open the organization's account if it has none, and return where its details are given. `done` and `again` are absolute addresses."""
    permissions.check_manages(by)
    permissions.check_in_plan()
    _check_currency()
    account = account_in_use() or _open(by=by, now=now)
    return gateway().create_account_link(account.external_id, done=done, again=again)


def _check_currency() -> None:
    """Refuse to connect cards where they cannot be charged in the organization's currency. Error: `not_by_card`."""
    currency = organization.currency()
    if not gateway().takes(currency):
        raise DomainError(
            "not_by_card", translate("Card payments are not possible in %(currency)s.", currency=currency)
        )


def _open(*, by: User, now: datetime) -> PaymentAccount:
    """A new account, prefilled with the organization's name, country and statement text.

    That it is wanted is noted first, with the promise to see to it: a program that stops beside the call leaves no account that nobody knows.
    """
    number, email = PaymentAccount.objects.count(), published_brand().reply_to or by.email
    with transaction.atomic():
        audit.record(BillingAudit.PAYMENT_ACCOUNT_OPENING, by=by)
        promised = outbox.enqueue(
            outbox_names.OPEN_ACCOUNT, due_at=now + FIRST_LOOK, by=by, number=number, email=email
        )  # fmt: skip
    try:
        return open_account(number=number, email=email, by=by, now=now)
    except GatewayError as error:
        if error.permanent:
            promised.delete()  # because asking again would be refused again
        raise


def open_account(*, number: int, email: str, by: Any, now: datetime) -> PaymentAccount:
    """Open the organization's account, the `number`th after none. Asked again within a day, the processor finds the one that it has made.

    Its id leads webhooks to this organization. Error: `account_known` when there is one more already.
    """
    if PaymentAccount.objects.count() != number:
        raise ConflictError("account_known", translate("An account is connected already."))
    brand = published_brand()
    facts = gateway().create_account(
        name=brand.name,
        email=email,
        country=brand.country,
        descriptor=organization.statement_descriptor(),
        url=host_url(organization_host(), "/"),
        key=f"account:{current_organization().pk}:{number}",
    )
    with transaction.atomic():
        link_account(KIND, facts.external_id)
        account = PaymentAccount.objects.create(
            external_id=facts.external_id,
            country=facts.country or brand.country,
            currency=facts.currency or brand.currency,
            connected_at=now,
            changed_at=now,
        )
        audit.record(BillingAudit.PAYMENT_ACCOUNT_CONNECTED, by=by, subject=account)
    return apply_account(account=account, facts=facts, now=now)


def refresh_account(*, by: Any, now: datetime) -> PaymentAccount | None:
    """Ask the processor how the account stands; None when there is none."""
    permissions.check_manages(by)
    account = account_in_use()
    return account and apply_account(account=account, facts=gateway().retrieve_account(account.external_id), now=now)


@transaction.atomic
def apply_account(*, account: PaymentAccount, facts: AccountFacts, now: datetime) -> PaymentAccount:
    """Keep what the processor says of the account. One that was disconnected stays so."""
    locked = PaymentAccount.objects.select_for_update().get(pk=account.pk)
    if locked.state == PaymentAccount.State.DISCONNECTED:
        return locked
    before, locked.state, locked.missing = locked.state, _state(facts), list(facts.missing)
    locked.changed_at = now
    locked.save(update_fields=["state", "missing", "changed_at"])
    if before != locked.state:
        changes = {"state": [before, locked.state]}
        audit.record(BillingAudit.PAYMENT_ACCOUNT_CHANGED, by=audit.SYSTEM, subject=locked, changes=changes)
        _tell_of_change(PaymentAccount.State(before), locked)
    return locked


def _tell_of_change(before: PaymentAccount.State, account: PaymentAccount) -> None:
    """Whoever bills, when cards cannot be charged any more, or can be again; the first time they see it themselves."""
    active, restricted = PaymentAccount.State.ACTIVE, PaymentAccount.State.RESTRICTED
    if before == active or (before == restricted and account.state == active):
        notifications.account_changed(account)


@transaction.atomic
def lose_account(*, external_id: str, now: datetime) -> str:
    """The organization has disconnected its account on the processor's own pages: no card is taken any more, and the books stay as they are.

    Returns what was done.
    """
    account = PaymentAccount.objects.select_for_update().filter(external_id=external_id).first()
    if account is None or account.state == PaymentAccount.State.DISCONNECTED:
        return "ignored: not connected"
    before, account.state, account.changed_at = account.state, PaymentAccount.State.DISCONNECTED, now
    account.save(update_fields=["state", "changed_at"])
    changes = {"state": [before, account.state]}
    audit.record(BillingAudit.PAYMENT_ACCOUNT_DISCONNECTED, by=audit.SYSTEM, subject=account, changes=changes)
    notifications.account_changed(account)
    return "account disconnected"


def _state(facts: AccountFacts) -> PaymentAccount.State:
    if facts.can_charge:
        return PaymentAccount.State.ACTIVE
    return PaymentAccount.State.RESTRICTED if facts.is_held_back else PaymentAccount.State.PENDING


@transaction.atomic
def disconnect_account(*, by: User, now: datetime) -> None:
    """Take no more card payments through this account. What was paid through it can still be refunded. Error: `no_account`."""
    permissions.check_manages(by)
    account = account_in_use()
    if account is None:
        raise DomainError("no_account", translate("No account is connected."))
    PaymentAccount.objects.filter(pk=account.pk).update(state=PaymentAccount.State.DISCONNECTED, changed_at=now)
    audit.record(BillingAudit.PAYMENT_ACCOUNT_DISCONNECTED, by=by, subject=account)
