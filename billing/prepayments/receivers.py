"""What scheduling and billing announce and prepayments follow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing.models import Charge, Payment
from billing.prepayments.actions import asking, settling
from billing.prepayments.queries import prepayment_settings
from billing.signals import charge_made, payment_moved, payment_settled
from core.people.models import Client
from core.scheduling.models import Appointment, Cancellation, Completion
from core.scheduling.signals import (
    appointment_booked,
    appointment_cancelled,
    appointment_completed,
    appointment_time_changed,
    participant_cancelled,
    places_freed,
)


@receiver(appointment_booked, dispatch_uid="prepayments.booked")
def ask_when_staff_book(
    appointment: Appointment, clients: Sequence[Client], is_self_booked: bool, by: Any, now: datetime, **_: Any
) -> None:
    """By the organization's choice; of those who book themselves it is asked where they have read of it."""
    if is_self_booked or not prepayment_settings().asks_when_staff_book:
        return
    for client in clients:
        asking.ask_at_booking(appointment=appointment, client=client, by=by, now=now)


@receiver(payment_moved, dispatch_uid="prepayments.payment_moved")
def follow_payment(payment: Payment, now: datetime, **_: Any) -> None:
    settling.follow_payment(payment=payment, now=now)


@receiver(payment_settled, dispatch_uid="prepayments.payment_settled")
def give_back_if_late(payment: Payment, now: datetime, **_: Any) -> None:
    settling.give_back_if_late(payment=payment, now=now)


@receiver(charge_made, dispatch_uid="prepayments.charge_made")
def meet_charge(charge: Charge, now: datetime, **_: Any) -> None:
    """After packages: units before money."""
    settling.meet_charge(charge=charge, now=now)


@receiver(appointment_completed, dispatch_uid="prepayments.completed")
def close_completed(appointment: Appointment, completion: Completion, now: datetime, **_: Any) -> None:
    attended = completion.attendances.select_related("participant__client")
    settling.close_places(
        appointment_id=appointment.pk, clients=[each.participant.client for each in attended], now=now
    )


@receiver(appointment_cancelled, dispatch_uid="prepayments.cancelled")
@receiver(participant_cancelled, dispatch_uid="prepayments.participant_cancelled")
def close_cancelled(appointment: Appointment, cancellation: Cancellation, now: datetime, **_: Any) -> None:
    """After billing has charged what the policy says."""
    settling.close_places(appointment_id=appointment.pk, clients=cancellation.clients, now=now)


@receiver(appointment_time_changed, dispatch_uid="prepayments.time_changed")
def follow_move(appointment: Appointment, **_: Any) -> None:
    settling.follow_move(appointment_id=appointment.pk, starts_at=appointment.starts_at)


@receiver(places_freed, dispatch_uid="prepayments.places_freed")
def close_left(appointment: Appointment, left: Sequence[Any], now: datetime, **_: Any) -> None:
    """Whoever was taken out of it owes nothing for it."""
    if left:
        settling.close_places(appointment_id=appointment.pk, clients=Client.objects.filter(pk__in=left), now=now)
