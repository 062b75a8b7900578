"""What places in appointments cost, and what is earned by them, for those who may see it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Charge, Invoice
from billing.packages.models import Purchase
from billing.packages.queries import met_if_held, units_left
from billing.packages.rules.unit_use import Met
from billing.packages.wording import left_in_words
from billing.permissions import charges_visible_to, clients_with_costs_for
from billing.queries.prices import full_amounts
from billing.wages.permissions import can_see_wages_of
from billing.wages.queries import earned_by_appointment, expected_wages
from core.kernel.money import Money
from core.people.models import Client
from core.scheduling.models import Appointment

TONES = {
    Charge.State.OPEN: "info",
    Charge.State.INVOICED: "success",
    Charge.State.WAIVED: "neutral",
    Charge.State.MET: "success",
    Charge.State.PREPAID: "success",
}


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


def visible_packages(appointment: Appointment, user: Any) -> list[str]:
    """For each place that this person may see the costs of, from which package it is paid if it is held as booked, and what is left of that now."""
    attending = {place.client_id: place.client for place in appointment.attending}
    seen = clients_with_costs_for(user).filter(pk__in=attending).values_list("pk", flat=True)
    met = met_if_held(appointment, [attending[pk] for pk in seen])
    left = units_left([purchase for _client, purchase, _met in met]) if met else {}
    return [_met_sentence(*each, left=left[each[1].pk]) for each in met]


def _met_sentence(client: Client, purchase: Purchase, met: Met, *, left: int) -> str:
    facts = {
        "name": client,
        "package": purchase.own_name,
        "left": left_in_words(purchase, left),
        "rest": met.left.format(get_language() or "en"),
    }
    if met.left:
        return _("%(name)s: paid in part from “%(package)s” (%(left)s), %(rest)s remain") % facts
    return _("%(name)s: paid from “%(package)s” (%(left)s)") % facts


def visible_wage(appointment: Appointment, user: Any) -> Money | None:
    """What whoever runs it has earned by it, or earns if it is held as booked; None for whoever may not see that, and without a rate."""
    if not can_see_wages_of(user, appointment.practitioner):
        return None
    if appointment.is_booked:
        return expected_wages([appointment]).get(appointment.pk)
    return earned_by_appointment(appointment)


def visible_charges(appointment: Appointment, user: Any) -> list[dict[str, Any]]:
    """What each client owes for it, and on which invoice that stands; for whoever bills."""
    found = charges_visible_to(user).filter(appointment_id=appointment.pk).order_by("client__sort_key", "pk")
    return [_charge(charge) for charge in found.prefetch_related("lines__invoice")]


def _charge(charge: Charge) -> dict[str, Any]:
    on = (line.invoice for line in charge.lines.all())
    return {
        "client": charge.client,
        "amount": charge.price.format(get_language() or "en"),
        "reason": charge.reason_sentence,
        "state": charge.get_state_display(),
        "tone": TONES[Charge.State(charge.state)],
        "pk": charge.pk if charge.state == Charge.State.OPEN else None,
        "met": charge.pk if charge.state == Charge.State.MET else None,
        "invoice": next((invoice for invoice in on if invoice.state != Invoice.State.VOID), None),
    }
