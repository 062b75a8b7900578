"""What is reported of a mail after it has left, by whoever carried it: a provider, or the mail system by a mail that returns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.kernel.reasons import Reason
from core.notifications import deliveries
from core.notifications.models import Delivery
from core.notifications.signals import delivery_ended_badly
from tenants.context import organization_context, public_context
from tenants.models import Organization

State = Delivery.State


@contextmanager
def mail_of(facts: tuple[UUID, UUID]) -> Iterator[Delivery | None]:
    """The mail of an organization's promise, held in its context until the end; None where there is none."""
    with public_context():
        organization = Organization.objects.select_related("plan").filter(pk=facts[0]).first()
    if organization is None:
        yield None
        return
    with organization_context(organization), transaction.atomic():
        yield Delivery.objects.select_for_update().filter(promise_id=facts[1]).first()


def note(delivery: Delivery, state: State, *, at: datetime, reason: Reason | None, detail: str) -> bool:
    """Note it where it is news, and return whether it was; who answers for the mail hears of a bad end."""
    is_news = deliveries.report(delivery, state, at=at, reason=reason, detail=detail)
    if is_news and state in (State.BOUNCED, State.COMPLAINED):
        delivery_ended_badly.send(Delivery, delivery=delivery)
    return is_news
