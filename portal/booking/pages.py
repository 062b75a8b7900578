"""Choosing: what, with whom, and when. Nothing here needs a script, and looking changes nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from branding.queries import current_brand
from core.booking.actions import hold_time, why_not_first_visit
from core.booking.models import BookablePractitioner
from core.booking.queries import bookable_practitioners, free_times, places_left
from core.booking.rules import slots
from core.booking.rules.slots import Minutes
from core.kernel import clock
from core.kernel.errors import ConflictError, NotFound
from core.people.models import StaffMember
from core.scheduling.rules import wall_time
from portal import public_frame as frame
from portal.booking import framing, offers, visitors
from portal.booking.offers import OnlineOffer
from portal.booking.times import MonthOfTimes, day_from, month_from, start_from
from portal.booking.visitors import BookingPage


def around(path: str) -> dict[str, Any]:
    """Menu and head of a booking page."""
    return {**frame.of_page(path), "public_languages": [], "phone": current_brand().phone}


class IndexView(BookingPage):
    """What can be booked, and with whom."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = offers.online_offers()
        rows = [
            {
                "offer": offer,
                "price": offers.shown_price(offer.service, request.user),
                "url": address(offer.slug, request),
            }
            for offer in found
        ]
        shown = {person.pk for offer in found for person in offer.practitioners}
        people = [
            {"person": person, "url": address(person.slug, request)}
            for person in bookable_practitioners()
            if person.pk in shown
        ]
        context = {**around(request.path), **framing.context(request), "rows": rows, "people": people}
        return framing.allow(request, render(request, "booking/index.html", context), self.settings)


class SubjectView(BookingPage):
    """The address of a service or of a practitioner."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        offer = offers.find_offer(slug)
        if offer is None:
            return self.of_practitioner(request, slug)
        return self.times_of(request, offer)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Hold the time that was chosen; whoever comes too late reads what else is free."""
        offer = offers.find_offer(slug)
        if offer is None:
            raise NotFound(slug)
        visitors.count_hold(request)
        start = start_from(request.POST.get("start", ""))
        if start is None:
            return redirect("booking:subject", slug)
        people, chosen = self.practitioners(offer, request.POST.get("with", ""))
        try:
            _hold, token = hold_time(
                wanted=offer.wanted(self.mode(offer, request.POST.get("mode", "")), self.settings),
                practitioners=[person.practitioner for person in people],
                starts_at=start,
                time_zone=visitors.zone_of(request),
                visitor=visitors.visitor_of(request),
                is_anybody=chosen is None and len(people) > 1,
                now=clock.now(),
            )
        except ConflictError as refusal:
            day = start.astimezone(wall_time.zone(visitors.zone_of(request))).date()
            return self.times_of(request, offer, refusal=refusal.message, day=day)
        return redirect("booking:held", token)

    def of_practitioner(self, request: HttpRequest, slug: str) -> HttpResponse:
        """What somebody can be booked for."""
        found = [offer for offer in offers.online_offers() if any(each.slug == slug for each in offer.practitioners)]
        if not found:
            raise NotFound(slug)
        person = next(each for each in found[0].practitioners if each.slug == slug)
        rows = [
            {
                "offer": offer,
                "price": offers.shown_price(offer.service, request.user),
                "url": address(offer.slug, request, **{"with": slug}),
            }
            for offer in found
        ]
        context = {**around(request.path), **framing.context(request), "rows": rows, "person": person}
        return framing.allow(request, render(request, "booking/index.html", context), self.settings)

    def times_of(self, request: HttpRequest, offer: OnlineOffer, *, refusal: str = "", day: Any = None) -> HttpResponse:
        """The month with its free days, and the times of one of them."""
        asked, now = (request.POST if refusal else request.GET), clock.now()
        people, chosen = self.practitioners(offer, asked.get("with", ""))
        practitioners, zone = [person.practitioner for person in people], wall_time.zone(visitors.zone_of(request))
        mode, places = self.places(offer, practitioners, asked.get("mode", ""), now=now)
        wanted = offer.wanted(mode, self.settings)
        free = {} if offer.is_group else free_times(wanted, practitioners, now=now)
        month = MonthOfTimes(
            times=sorted({*places, *(start for times in free.values() for start in times)}),
            places=places,
            zone=zone,
            today=now.astimezone(zone).date(),
            last=(now + timedelta(days=self.settings.horizon_days)).astimezone(zone).date(),
            query=self.query(request, asked),
            asked_day=day or day_from(asked.get("day", "")),
            asked_month=month_from(asked.get("month", "")),
        )
        context = {
            **around(request.path), **framing.context(request), "offer": offer, "month": month, "mode": mode, "chosen": chosen, "zone": zone,
            "zone_name": zone.key, "price": offers.shown_price(offer.service, request.user), "switch": visitors.zone_switch(request),
            "refusal": refusal, "start": self.start(month, asked.get("start", "")), "not_first": why_not_first_visit(wanted),
        }  # fmt: skip
        response = render(request, "booking/times.html", context, status=409 if refusal else 200)
        return framing.allow(request, response, self.settings)

    def practitioners(
        self, offer: OnlineOffer, slug: str
    ) -> tuple[list[BookablePractitioner], BookablePractitioner | None]:
        """The one who is asked for, or all who take it."""
        chosen = next((person for person in offer.practitioners if person.slug == slug), None)
        return ([chosen] if chosen else list(offer.practitioners)), chosen

    def mode(self, offer: OnlineOffer, asked: str) -> str:
        """The way that is asked for, else the first one."""
        return asked if asked in offer.bookable.modes else offer.bookable.modes[0]

    def places(
        self, offer: OnlineOffer, practitioners: Sequence[StaffMember], asked: str, *, now: datetime
    ) -> tuple[str, dict[Minutes, int]]:
        """The way of meeting, and the places left in groups that meet so: unless one is asked for, the first way in which there are any."""
        modes = [self.mode(offer, asked)] if asked or not offer.is_group else offer.bookable.modes
        for mode in modes:
            found = places_left(offer.wanted(mode, self.settings), practitioners, now=now)
            if found:
                return mode, found
        return modes[0], {}

    def query(self, request: HttpRequest, asked: Any) -> Any:
        """What the ways to other days keep of this address."""
        kept = request.GET.copy()
        for name in ("with", "mode", "zone"):
            if asked.get(name):
                kept[name] = asked[name]
        return kept

    def start(self, month: MonthOfTimes, text: str) -> dict[str, Any] | None:
        """The time that was chosen on another page, if it is still free."""
        start = start_from(text)
        if start is None or slots.number_of(start) not in month.times:
            return None
        return {"start": slots.number_of(start), "moment": start.astimezone(month.zone)}


def address(slug: str, request: HttpRequest, **query: str) -> str:
    """A booking page, framed where this one is."""
    kept = {**query, **({framing.PARAMETER: "1"} if framing.is_framed(request) else {})}
    path = reverse("booking:subject", args=[slug])
    return f"{path}?{'&'.join(f'{name}={value}' for name, value in kept.items())}" if kept else path
