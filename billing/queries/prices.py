"""What an appointment that ends, or would end, costs one client."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from billing.models import CostOverride, Rate, Service
from billing.rules.pricing import WHOLE, Price, Question, price_of
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.people.models import Client
from core.scheduling.models import Appointment
from tenants import entitlements


@dataclass(frozen=True)
class EndedAppointment:
    """An appointment that ended for one client: held, cancelled late, or missed. `share` in per cent."""

    appointment_id: UUID
    client: Client
    service_id: UUID | None
    starts_at: datetime
    minutes: int
    practitioner_name: str = ""
    share: Decimal = WHOLE
    completion: str | OwnText = ""


def price_when_ended(ended: EndedAppointment) -> tuple[Service | None, Price | None]:
    """The service and the price by the rule; no price for an appointment without a service for which nobody has set an amount."""
    service = Service.objects.filter(pk=ended.service_id).first() if ended.service_id else None
    override = CostOverride.objects.filter(appointment_id=ended.appointment_id, client=ended.client).first()
    rate = Rate.objects.filter(client=ended.client, service=service).first() if service else None
    return service, _price(ended, service, override, rate)


def _price(
    ended: EndedAppointment, service: Service | None, override: CostOverride | None, rate: Rate | None
) -> Price | None:
    if service is None and override is None:
        return None
    question = Question(
        service=service.own_name if service else "",
        service_price=service.price if service else override.price,  # type: ignore[union-attr]  # one of them exists
        rate=rate.price if rate else None,
        override=override.price if override else None,
        override_reason=override.reason if override else "",
        per_hour=service is not None and service.unit == Service.Unit.HOUR,
        minutes=ended.minutes,
        share=ended.share,
        completion=ended.completion,
    )
    return price_of(question)


def amount_if_cancelled(appointment: Appointment, client: Client, share: int) -> Money | None:
    """What cancelling now would cost the client, where the amount is known and would be charged."""
    if not entitlements.allows(entitlements.BILLING):
        return None
    ended = EndedAppointment(
        appointment.pk, client, appointment.service_id, appointment.starts_at, appointment.minutes, share=Decimal(share)
    )
    _service, price = price_when_ended(ended)
    return price.amount if price else None


def amount_of_extension(appointment: Appointment, client: Client, minutes: int) -> Money | None:
    """What so many minutes more cost the client, by the price that applies: nothing of a price per session. None where no price is known."""
    if not entitlements.allows(entitlements.BILLING):
        return None
    prices = [
        price_when_ended(
            EndedAppointment(appointment.pk, client, appointment.service_id, appointment.starts_at, length)
        )[1]
        for length in (appointment.minutes, appointment.minutes + minutes)
    ]
    before, after = (price.amount if price else None for price in prices)
    return after - before if after is not None and before is not None else None


def full_amounts(appointments: Sequence[Appointment], clients: Collection[UUID]) -> dict[tuple[UUID, UUID], Money]:
    """What each of these clients' places costs when it is held as booked, by appointment and client: four questions, however many there are.

    Nothing where no price is known, or where the plan has no billing.
    """
    if not entitlements.allows(entitlements.BILLING):
        return {}
    places = [(each, place.client) for each in appointments for place in each.attending if place.client_id in clients]
    services = {row.pk: row for row in Service.objects.filter(pk__in={each.service_id for each, _ in places})}
    overrides = {
        (row.appointment_id, row.client_id): row
        for row in CostOverride.objects.filter(appointment_id__in={each.pk for each, _ in places})
    }
    rates = {
        (row.client_id, row.service_id): row
        for row in Rate.objects.filter(client__in={client.pk for _, client in places}, service__in=services)
    }
    found = {}
    for each, client in places:
        ended = EndedAppointment(each.pk, client, each.service_id, each.starts_at, each.minutes)
        service = services.get(each.service_id) if each.service_id else None
        rate = rates.get((client.pk, service.pk)) if service else None
        price = _price(ended, service, overrides.get((each.pk, client.pk)), rate)
        if price is not None:
            found[each.pk, client.pk] = price.amount
    return found
