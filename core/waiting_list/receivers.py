"""Time frees: by a cancellation, a move, somebody who was missed, or hours that are opened; and so do places in groups."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from core.people.models import StaffMember
from core.scheduling.models import Appointment, Participant
from core.scheduling.rules.conflicts import Span
from core.scheduling.signals import (
    appointment_cancelled,
    appointment_completed,
    appointment_moved,
    hours_opened,
    participant_cancelled,
    places_freed,
)
from core.waiting_list.actions import promise_days, promise_offer, promise_places
from core.waiting_list.actions.offering import AHEAD


@receiver(appointment_cancelled, dispatch_uid="waiting_list.cancelled")
def cancelled(*, appointment: Appointment, cancellation: Any, now: datetime, **_: Any) -> None:
    """Its time is offered, but not to those who have just given it up."""
    _freed(
        appointment, Span(appointment.starts_at, appointment.ends_at), [each.pk for each in cancellation.clients], now
    )


@receiver(appointment_moved, dispatch_uid="waiting_list.moved")
def moved(*, appointment: Appointment, previous: Span, left: StaffMember, now: datetime, **_: Any) -> None:
    """The time that it has left is offered, on the schedule on which that was."""
    people = appointment.participants.values_list("client_id", flat=True)
    promise_offer(left.pk, previous, apart_from=list(people), now=now)


@receiver(appointment_completed, dispatch_uid="waiting_list.completed")
def completed(*, appointment: Appointment, now: datetime, **_: Any) -> None:
    """What is left of the time of somebody who was missed."""
    if appointment.free_from is not None and appointment.free_from < appointment.ends_at:
        people = appointment.participants.values_list("client_id", flat=True)
        _freed(appointment, Span(appointment.free_from, appointment.ends_at), people, now)


@receiver(participant_cancelled, dispatch_uid="waiting_list.participant_cancelled")
def place_given_up(*, appointment: Appointment, participant: Participant, now: datetime, **_: Any) -> None:
    """Their place in a group that goes on, but not to themselves."""
    if appointment.is_open_group:
        promise_places(appointment, apart_from=[participant.client_id], now=now)


@receiver(places_freed, dispatch_uid="waiting_list.places_freed")
def places(*, appointment: Appointment, left: Sequence[UUID], now: datetime, **_: Any) -> None:
    """Of a group that was made or moved, or out of which somebody was taken; of one that is made far ahead nobody is asked yet."""
    if appointment.is_open_group and (left or appointment.starts_at <= now + AHEAD):
        promise_places(appointment, apart_from=left, now=now)


@receiver(hours_opened, dispatch_uid="waiting_list.hours_opened")
def opened(*, practitioner: StaffMember | None, first_on: date, last_on: date, now: datetime, **_: Any) -> None:
    """Each day on which somebody works more than before."""
    promise_days(practitioner, first_on, last_on, now=now)


def _freed(appointment: Appointment, span: Span, clients: Iterable[UUID], now: datetime) -> None:
    promise_offer(appointment.practitioner_id, span, apart_from=list(clients), now=now)
