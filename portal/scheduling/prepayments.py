"""What of an appointment is paid in advance, for those who may see it."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from billing.permissions import can_manage_billing
from billing.prepayments.models import Prepayment
from billing.prepayments.permissions import can_be_paid_by
from billing.prepayments.queries import awaits_payment, prepayments_of, token_of
from core.scheduling.models import Appointment
from core.scheduling.permissions import can_run_schedule
from tenants.absolute_urls import path_of

TONES = {
    Prepayment.State.ASKED: "warning",
    Prepayment.State.HELD: "success",
    Prepayment.State.RELEASED: "danger",
}


def prepayment_facts(appointment: Appointment, user: Any, *, now: datetime) -> dict[str, Any]:
    """The rows with amounts for whoever sees them; that a place waits for its money, without an amount, for whoever runs it; and for
    whoever bills, of whom it can be asked. Empty when there is nothing to say."""
    found = prepayments_of(appointment, user)
    rows = [_row(each, user, now) for each in found]
    waits = None
    if not rows and can_run_schedule(user, appointment.practitioner):
        waits = awaits_payment(appointment.pk, [place.client_id for place in appointment.attending])
    asks = _asks(appointment, found, user, now)
    if not (rows or waits or asks):
        return {}
    return {"rows": rows, "waits_until": waits.due_at if waits else None, "asks": asks}


def _row(prepayment: Prepayment, user: Any, now: datetime) -> dict[str, Any]:
    may_pay = prepayment.is_payable(now) and can_be_paid_by(user, prepayment)
    pay_url = path_of("billing:prepay-link", token_of(prepayment)) if may_pay else ""
    return {
        "pk": prepayment.pk,
        "client": prepayment.client,
        "total": prepayment.total.format(get_language() or "en"),
        "state": prepayment.get_state_display(),
        "tone": TONES.get(Prepayment.State(prepayment.state), "neutral"),
        "due_at": prepayment.due_at if prepayment.state == Prepayment.State.ASKED else None,
        "pay_url": pay_url,
    }


def _asks(appointment: Appointment, found: list[Prepayment], user: Any, now: datetime) -> list[dict[str, Any]]:
    if not appointment.is_booked or appointment.starts_at <= now or not can_manage_billing(user):
        return []
    known = {each.client_id for each in found if each.state in (Prepayment.State.ASKED, Prepayment.State.HELD)}
    return [
        {"client": place.client.name, "url": path_of("billing:prepayment-ask", appointment.pk, place.client_id)}
        for place in appointment.attending
        if place.client_id not in known
    ]
