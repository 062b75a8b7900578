"""The comparison that was promised, carried out by a worker."""

from typing import Any

from billing.permissions import billing_staff
from billing.reconciliation import outbox_names
from billing.reconciliation.actions.comparing import carry_out, give_up
from billing.reconciliation.models import Reconciliation
from core.kernel import clock, outbox
from core.kernel.errors import GatewayError
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from tenants.absolute_urls import path_of


def _billing_staff(message: OutboxMessage) -> list[Any]:
    return [user.pk for user in billing_staff()]


@outbox.handler(
    outbox_names.COMPARE_BOOKS,
    label=gettext_noop("Comparison of the books"),
    page=lambda message: path_of("billing:reconciliation"),
    answerable=_billing_staff,
)
def compare_books(message: OutboxMessage) -> None:
    """Ask the processor for every movement, and compare. One that the processor refuses for good is given up."""
    found = Reconciliation.objects.filter(pk=message.payload["reconciliation"]).first()
    if found is None or found.state != Reconciliation.State.WAITING:
        raise outbox.Obsolete("It was carried out, or given up.")
    try:
        carry_out(reconciliation=found, now=clock.now())
    except GatewayError as error:
        if not error.permanent:
            raise
        give_up(reconciliation=found, now=clock.now())
