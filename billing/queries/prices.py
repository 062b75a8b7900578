"""What an appointment that ends, or would end, costs one client."""

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
    if service is None and override is None:
        return None, None
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
    return service, price_of(question)


def amount_if_cancelled(appointment: Appointment, client: Client, share: int) -> Money | None:
    """What cancelling now would cost the client, where the amount is known and would be charged."""
    if not entitlements.allows(entitlements.BILLING):
        return None
    ended = EndedAppointment(
        appointment.pk, client, appointment.service_id, appointment.starts_at, appointment.minutes, share=Decimal(share)
    )
    _service, price = price_when_ended(ended)
    return price.amount if price else None
