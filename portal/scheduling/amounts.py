"""What places in appointments cost, and what is earned by them, for those who may see it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from billing.permissions import clients_with_costs_for
from billing.queries.prices import full_amounts
from billing.wages.permissions import can_see_wages_of
from billing.wages.queries import earned_by_appointment, expected_wages
from core.kernel.money import Money
from core.scheduling.models import Appointment


def visible_amounts(appointments: Sequence[Appointment], user: Any) -> dict[UUID, Money]:
    """Of each appointment, held as booked: the sum over those whose amounts `user` may see, where it is known for all of them.

    None of those whose places are priced in several currencies.
    """
    attending = {place.client_id for each in appointments for place in each.attending}
    seen = set(clients_with_costs_for(user).filter(pk__in=attending).values_list("pk", flat=True))
    amounts = full_amounts(appointments, seen) if seen else {}
    found: dict[UUID, Money] = {}
    for each in appointments:
        keys = [(each.pk, place.client_id) for place in each.attending]
        total = Money.sum_of(amounts[key] for key in keys) if all(key in amounts for key in keys) else None
        if total is not None:
            found[each.pk] = total
    return found


def visible_wage(appointment: Appointment, user: Any) -> Money | None:
    """What whoever runs it has earned by it, or earns if it is held as booked; None for whoever may not see that, and without a rate."""
    if not can_see_wages_of(user, appointment.practitioner):
        return None
    if appointment.is_booked:
        return expected_wages([appointment]).get(appointment.pk)
    return earned_by_appointment(appointment.pk)
