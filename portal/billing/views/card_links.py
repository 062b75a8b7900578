"""A payer saves a card by the link in a mail, without signing in. Looking changes nothing; agreeing is a button."""

import ipaddress
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views import View

from billing.actions import card_links
from billing.models import CardLink
from billing.queries import organization
from billing.queries.card_links import digest_of, find_card_link, is_usable, mandate_text
from billing.rules.card_links import CardLinkState
from branding.queries import current_brand
from core.kernel import clock, limits
from core.kernel.errors import ConflictError, DomainError, GatewayError, NotFound
from portal.billing.views.checkout import card_fields
from portal.middleware import client_address
from portal.once import OnceMixin

VISITS = limits.Limit("card_link", 300, timedelta(minutes=15))  # from one address
AGREED = "card_link"  # in the session of the browser that agreed


class CardLinkPage(View):
    """What the pages of a link have in common: the link, for whom it is, and what became of it."""

    link: CardLink
    now: datetime

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        self.now = clock.now()
        limits.count([(VISITS, client_address(request) or "")], now=self.now)
        try:
            self.link = find_card_link(token)
        except NotFound:
            return private(render(request, "billing/card_link_closed.html", status=404))
        return private(super().dispatch(request, token))  # type: ignore[arg-type]

    def words(self, *, refusal: str = "") -> HttpResponse:
        text = mandate_text(self.link)
        context = {**self.facts(), "text": text, "seen": digest_of(text), "refusal": refusal}
        return self.shown("billing/card_link.html", context, status=409 if refusal else 200)

    def fields(self, *, refusal: str = "") -> HttpResponse:
        """The processor's fields; the words again where it cannot be asked, or wants to be begun anew."""
        try:
            setup = card_links.setup_of(self.link, now=self.now)
        except (DomainError, GatewayError) as error:
            return self.words(refusal=error.message)
        done = reverse("billing:card-link-saved", args=[self.kwargs["token"]])
        if setup.is_done:
            return redirect(done)
        context = {**self.facts(), "fields": card_fields(self.link.account_id, setup.secret, done), "refusal": refusal}
        return self.shown("billing/card_link_fields.html", context)

    def saved(self) -> HttpResponse:
        context = {**self.facts(), "card": self.link.card}
        return self.shown("billing/card_link_saved.html", context)

    def closed(self) -> HttpResponse:
        return self.shown("billing/card_link_closed.html", {}, status=410)

    def facts(self) -> dict[str, Any]:
        """Whose page it is, and for whom; nobody is named where mail names nobody."""
        brand = current_brand()
        name = self.link.client.name if brand.names_in_mail else ""
        return {
            "link": self.link, "client_name": name, "descriptor": organization.statement_descriptor(),
            "zone": self.link.user.time_zone, "token": self.kwargs["token"],
        }  # fmt: skip

    def shown(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        return render(self.request, template, context, status=status)


class CardLinkView(OnceMixin, CardLinkPage):
    """For whom and for what the card is used, and the button that agrees; then the card fields."""

    calls_processor = True

    def get_sender(self) -> str:
        return f"card:{self.link.pk.hex}"  # a sender has 40 letters

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.link.state_at(self.now) == CardLinkState.SAVED:
            return self.saved()
        if not is_usable(self.link, self.now):
            return self.closed()
        if request.session.get(AGREED) == str(self.link.pk) and self.link.setup_id:
            return self.fields()
        return self.words()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        """Agree, and go on to the card fields. What refuses is said on the page of the words."""
        if self.link.state_at(self.now) == CardLinkState.SAVED:
            return redirect(self.request.path)
        if not is_usable(self.link, self.now):
            return self.closed()
        try:
            card_links.agree_and_begin(
                link=self.link, seen=self.request.POST.get("seen", ""), language=get_language() or "en",
                ip_address=_ip_address(self.request), now=self.now,
            )  # fmt: skip
        except (DomainError, GatewayError) as refusal:
            return self.words(refusal=refusal.message)
        self.request.session[AGREED] = str(self.link.pk)
        self.note_sent(self.request.path)
        return redirect(self.request.path)


class CardLinkSavedView(CardLinkPage):
    """Where the card fields lead: note the card. Whoever comes too early reads why, above the fields."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.link.state_at(self.now) == CardLinkState.SAVED:
            return self.saved()
        if not self.link.setup_id:
            return redirect("billing:card-link", token)
        try:
            card_links.finish_card_link(link=self.link, now=self.now)
        except ConflictError:
            return self.closed()
        except (DomainError, GatewayError) as refusal:
            return self.fields(refusal=refusal.message)
        self.link = find_card_link(token)
        return self.saved()


def _ip_address(request: HttpRequest) -> str | None:
    """None where the way here does not say it."""
    try:
        return str(ipaddress.ip_address(client_address(request) or ""))
    except ValueError:
        return None


def private(response: HttpResponse) -> HttpResponse:
    """Not found by search engines, not told to other hosts, not kept by anything on the way."""
    response.headers["X-Robots-Tag"], response.headers["Referrer-Policy"] = "noindex", "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
