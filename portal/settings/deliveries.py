"""Sent mail: every mail that left or should have, what became of it and why, and the way to send it again (NOT-12)."""

from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.senders.queries import own_return_host
from core.notifications import deliveries
from core.notifications.messages import Channel
from core.notifications.models import Delivery
from core.notifications.queries import waiting_mails
from core.notifications.webhooks import is_reported
from core.people.models import User
from core.people.queries import found_by
from core.people.roles import Permission
from portal.access import SignedInView
from portal.delivery_log import get_delivery, page_of
from portal.forms import ActionView
from portal.periods import period_of
from portal.settings_pages import settings_menu

PER_PAGE = 50


class DeliveryListView(SignedInView):
    """Every mail, the newest first."""

    needs = Permission.MANAGE_CLIENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Delivery.objects.all()
        query, state, period = request.GET.get("q", "").strip()[:80], request.GET.get("state", ""), period_of(request)
        found = found_by(query, found, lambda word: word.in_("search_key"))
        if state == "failed":
            found = found.exclude(state__in=Delivery.ARRIVING)
        page = Paginator(found.filter(**period.instants("created_at")), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "query": query,
            "state": state,
            "states": _states(state, query),
            "period": period,
            "is_reported": is_reported() or bool(own_return_host()),
            "waiting": waiting_mails(),
            "settings_menu": settings_menu(request),
        }
        return render(request, "settings/deliveries.html", context)


class DeliveryView(SignedInView):
    """One mail: to whom, what about, what became of it and why."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        delivery = get_delivery(self.user, pk)
        is_text = delivery.channel == Channel.SMS
        context = {
            "delivery": delivery,
            "is_reported": is_reported() or bool(own_return_host()) or delivery.state != Delivery.State.SENT or is_text,
            "is_text": is_text,
            "author": User.objects.filter(pk=delivery.author_id).first() if delivery.author_id else None,
            "about": page_of(delivery),
            "can_send_again": (delivery.is_mail or is_text) and deliveries.promise_behind(delivery) is not None,
            "address_in_url": quote(delivery.address),
            "sees_all": self.user.may(Permission.MANAGE_CLIENTS),
        }
        return render(request, "settings/delivery.html", context)


class DeliveryRepetitionView(ActionView):
    """Send it again: what has not left is tried now, what has left goes out once more."""

    success_message = gettext_lazy("It is sent again now. What becomes of it appears among the sent mail.")

    def load(self, pk: UUID) -> None:
        self.delivery = get_delivery(self.user, pk)

    def perform(self) -> None:
        deliveries.send_again(self.delivery, by=self.user)

    def get_success_url(self) -> str:
        return reverse("settings:delivery", args=[self.delivery.pk])


def _states(state: str, query: str) -> list[dict[str, Any]]:
    kept = {"q": query} if query else {}
    return [
        {
            "label": label,
            "url": "?" + urlencode({**kept, **({"state": code} if code else {})}),
            "current": code == state,
        }
        for code, label in (("", _("All")), ("failed", _("Not arrived")))
    ]
