"""An offered time is taken, or let go, by the link in its mail. Looking changes nothing; each answer is a button."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from branding.queries import current_brand
from core.kernel import clock, limits
from core.kernel.errors import DomainError, NotFound
from core.scheduling.rules import wall_time
from core.waiting_list.actions import accept_offer, decline_offer, end_taken_offer
from core.waiting_list.links import open_offer
from core.waiting_list.queries import has_place_already
from portal.middleware import client_address
from portal.once import OnceMixin
from portal.scheduling.views.links import unlisted
from portal.waiting_list.offers import meaning, said_of_taken
from portal.waiting_list.rows import OfferRow

VISITS = limits.Limit("waiting_link", 300, timedelta(minutes=15))  # from one address


class LinkView(OnceMixin, View):
    """The time, what it means, and two buttons; afterwards what became of it."""

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        limits.count([(VISITS, client_address(request) or "")], now=clock.now())
        try:
            self.offer, self.holder = open_offer(token)
        except NotFound:
            return unlisted(render(request, "waiting_list/link_closed.html", status=404))
        return super().dispatch(request, token)  # type: ignore[return-value]

    def get_sender(self) -> str:
        return f"wait:{self.offer.pk.hex}"  # a sender has 40 letters

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        """Whoever comes too late reads why."""
        declines = self.request.POST.get("answer") == "decline"
        try:
            with transaction.atomic():
                had_place = has_place_already(self.offer)
                if declines:
                    decline_offer(self.offer, by=self.holder, now=clock.now())
                else:
                    accept_offer(self.offer, by=self.holder, now=clock.now())
                self.note_sent(self.request.path)
        except DomainError as refusal:
            end_taken_offer(self.offer, now=clock.now())
            self.offer.refresh_from_db()
            return self.page(refusal=refusal.message)
        said = _("Let go. You are still on the list.") if declines else said_of_taken(had_place)
        messages.success(self.request, said)
        return unlisted(redirect(self.request.path))

    def page(self, *, refusal: str = "") -> HttpResponse:
        is_named = current_brand().names_in_mail
        row = OfferRow(self.offer)
        shown: dict[str, Any] = {
            "offer": self.offer, "row": row, "zone": wall_time.zone(self.offer.entry.client.time_zone), "refusal": refusal,
            "names": self.offer.entry.client.name if is_named else "", "what": self.offer.entry.what if is_named else "",
            **(meaning(self.offer, self.holder, now=clock.now()) if row.is_open else {}),
        }  # fmt: skip
        return unlisted(render(self.request, "waiting_list/link.html", shown, status=409 if refusal else 200))
