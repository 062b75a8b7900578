"""Another time by the link in a mail: the free times of the same practitioner, without signing in. Looking changes nothing."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core.booking.actions import movable_by, move_by_link
from core.booking.rules import slots
from core.kernel import clock, limits
from core.kernel.errors import DomainError, NotFound
from core.scheduling.appointment_links import open_link
from core.scheduling.rules import wall_time
from portal.booking.pages import around
from portal.booking.times import MonthOfTimes, day_from, month_from, start_from
from portal.once import OnceMixin
from portal.scheduling.views.links import count_visit, unlisted

MOVES = limits.Limit("booking_move", 10, timedelta(hours=1))  # of one appointment, because each tells everybody


class MoveView(OnceMixin, View):
    """The month with free days, and a button for each time of one of them."""

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        count_visit(request)
        try:
            self.link = open_link(token, now=clock.now())
        except NotFound:
            return unlisted(render(request, "scheduling/link_closed.html", status=404))
        self.movable = movable_by(self.link, now=clock.now())
        if self.movable is None:
            return self.back()
        return super().dispatch(request)  # type: ignore[return-value]

    def get_sender(self) -> str:
        return f"link:{self.link.appointment.pk.hex}"  # a sender has 40 letters

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        limits.count([(MOVES, self.link.appointment.pk.hex)], now=clock.now())  # raises `TooOften`
        return self.once(self.act)

    def act(self) -> HttpResponse:
        """Move it; whoever comes too late reads what else is free."""
        start, seen = (start_from(self.request.POST.get(name, "")) for name in ("start", "seen"))
        if start is None or seen is None:
            return self.page()
        try:
            with transaction.atomic():
                move_by_link(self.link, seen_at=seen, starts_at=start, now=clock.now())
                self.note_sent(self.link_url())
        except DomainError as refusal:
            if refusal.code in ("moved_since", "not_movable"):
                messages.warning(self.request, refusal.message)
                return self.back()
            return self.page(refusal=refusal.message)
        messages.success(self.request, _("It has a new time. The confirmation is on its way by mail."))
        return self.back()

    def page(self, *, refusal: str = "") -> HttpResponse:
        assert self.movable is not None
        now, zone, asked = clock.now(), wall_time.zone(self.link.zone), self.request.GET
        days = self.movable.wanted.settings.horizon_days
        month = MonthOfTimes(
            times=self.movable.times(now=now),
            zone=zone,
            today=now.astimezone(zone).date(),
            last=(now + timedelta(days=days)).astimezone(zone).date(),
            query=asked,
            asked_day=day_from(asked.get("day", "")),
            asked_month=month_from(asked.get("month", "")),
        )
        shown: dict[str, Any] = {
            **around(self.request.path), "link": self.link, "appointment": self.link.appointment, "month": month, "zone": zone,
            "zone_name": zone.key, "refusal": refusal, "seen": slots.number_of(self.link.appointment.starts_at), "back_url": self.link_url(),
        }  # fmt: skip
        return unlisted(render(self.request, "booking/move.html", shown, status=409 if refusal else 200))

    def link_url(self) -> str:
        return reverse("scheduling:link", args=[self.link.token])

    def back(self) -> HttpResponse:
        return unlisted(redirect(self.link_url()))
