"""The list of requests, and one of them."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from core.booking_requests.models import BookingRequest
from core.booking_requests.permissions import (
    can_answer,
    clients_who_may_ask,
    get_request,
    has_requests,
    requests_visible_to,
    with_everything,
)
from core.booking_requests.queries import standings_of
from core.booking_requests.rules.booking_requests import open_acts
from core.kernel import clock
from core.people.models import Client
from core.people.permissions import can_act_for, can_see_client
from core.people.queries import found_by, in_client
from core.scheduling.rules import wall_time
from core.scheduling.time_formats import format_time_span
from portal import time_zones
from portal.access import SignedInView
from portal.booking_requests.rows import request_row
from portal.delivery_log import failed_steps_about, mails_about

PER_PAGE = 20


class RequestListView(SignedInView):
    """What is open, or settled: of those who ask their own, of those who answer what is asked of their schedules."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not has_requests(self.user):
            raise PermissionDenied("nothing to ask for or to answer")
        settled, works_here = request.GET.get("state") == "settled", self.user.staff is not None
        zone, found = wall_time.zone(time_zones.zone_of(request)), requests_visible_to(self.user)
        query = request.GET.get("q", "").strip()[:80]
        if query and works_here:
            found = found.filter(client__in=found_by(query, Client.objects.order_by(), in_client).values("pk"))
        opened = found.filter(state__in=BookingRequest.OPEN)
        found = (
            found.exclude(state__in=BookingRequest.OPEN).order_by("-changed_at", "pk")
            if settled
            else opened.order_by("state", "asked_at", "pk")
        )
        page = Paginator(with_everything(found), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "rows": [request_row(each, zone, is_staff=works_here) for each in page.object_list],
            "settled": settled,
            "query": query,
            "searches": works_here,
            "may_ask": clients_who_may_ask(self.user).exists(),
            "zone": zone,
            "switch": time_zones.switch(request),
        }
        return time_zones.remember_choice(request, render(request, "booking_requests/list.html", context))


class RequestView(SignedInView):
    """What is asked for, how each time stands, what was proposed, and how it ended."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        found, now = get_request(self.user, pk), clock.now()
        answers, asks = can_answer(self.user, found), can_act_for(self.user, found.client)
        zone = wall_time.zone(time_zones.zone_of(request))
        standings = (
            standings_of(found, list(found.times.all()), by=self.user, now=now) if answers and found.is_open else []
        )
        acts = open_acts(found.state, asks=asks, answers=answers)
        moves = found.moves
        context = {
            "asked": found,
            "row": request_row(found, zone, is_staff=answers, standings=standings),
            "proposal": found.proposal,
            "acts": {act.value for act in acts},
            "answers": answers,
            "asks": asks,
            "opens_client": answers and can_see_client(self.user, found.client),
            "end": getattr(found, "end", None),
            "moved_from": moves
            and format_time_span(moves.starts_at, moves.ends_at, zone=zone.key, language=get_language() or "en"),
            "mails": mails_about(found) if answers else [],
            "failed_steps": failed_steps_about(found) if answers else [],
            "zone": zone,
            "switch": time_zones.switch(request),
        }
        return time_zones.remember_choice(request, render(request, "booking_requests/request.html", context))
