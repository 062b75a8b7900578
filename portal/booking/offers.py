"""What can be booked, joined with billing's services, and what it costs whom. The booking app stands below billing and knows only their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from billing.models import Service
from billing.permissions import can_see_costs, prices_are_hidden_from
from billing.queries.offers import price_before_booking
from core.booking.models import BookablePractitioner, BookableService, BookingSettings
from core.booking.queries import Wanted, bookable_practitioners, bookable_services
from core.kernel.errors import NotFound
from core.kernel.money import Money
from core.kernel.reading_order import reading_key
from core.people.models import Client
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class OnlineOffer:
    """A service that people book themselves."""

    bookable: BookableService
    service: Service
    practitioners: Sequence[BookablePractitioner]

    @property
    def slug(self) -> str:
        return self.bookable.slug

    @property
    def is_group(self) -> bool:
        """Whether people take a place in what stands in the calendar, not a free hour."""
        return self.bookable.places is not None

    @property
    def modes(self) -> list[tuple[str, str]]:
        """The ways in which it takes place, with what people call them."""
        return [(mode, str(Appointment.Mode(mode).label)) for mode in self.bookable.modes]

    @property
    def chosen(self) -> ServiceChosen:
        """As an appointment keeps it."""
        return ServiceChosen(self.service.name, self.service.pk, self.service.other_names)

    def wanted(self, mode: str, settings: BookingSettings) -> Wanted:
        """With one way of meeting."""
        return Wanted(self.bookable, self.service.minutes, mode, settings)


def online_offers() -> list[OnlineOffer]:
    """Everything that can be booked now, by name: what billing still offers, and somebody takes."""
    services = {service.pk: service for service in Service.objects.filter(is_active=True)}
    people = bookable_practitioners()
    found = [
        OnlineOffer(row, services[row.service_id], [person for person in people if person.offers(row.service_id)])
        for row in bookable_services()
        if row.service_id in services
    ]
    return sorted((offer for offer in found if offer.practitioners), key=lambda offer: reading_key(str(offer.service)))


def find_offer(slug: str) -> OnlineOffer | None:
    """The one with this address, or None."""
    return next((offer for offer in online_offers() if offer.slug == slug), None)


def offer_of(bookable: BookableService) -> OnlineOffer:
    """The one that is held; NotFound when it is not offered any more."""
    found = next((offer for offer in online_offers() if offer.bookable.pk == bookable.pk), None)
    if found is None:
        raise NotFound("not offered any more")
    return found


def shown_price(service: Service, user: Any, client: Client | None = None) -> Money | None:
    """What it costs, for whoever may read it: everybody reads the price of the catalogue, a login that of its client, if not hidden."""
    if client is None:
        return None if prices_are_hidden_from(user) else price_before_booking(service)
    return price_before_booking(service, client) if can_see_costs(user, client) else None
