"""Freeing a time, and what is offered by that."""

from datetime import timedelta

from core.kernel import clock, outbox
from core.scheduling.actions import (
    cancel_appointment,
)
from core.waiting_list.models import WaitingOffer

HOUR = timedelta(hours=1)


def deliver():
    while outbox.deliver_due():
        pass


def cancel(cast, appointment):
    cancel_appointment(appointment, party="practice", by=cast.tess, now=clock.now())
    deliver()


def offers(**facts):
    return list(WaitingOffer.objects.filter(**facts).order_by("offered_at", "pk"))
