"""The cards of a set as its owner sees them, in order; what is done with one; and the bytes on it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.resources import actions
from core.resources.models import MOST_CARDS, Card
from core.resources.permissions import CHANGE, get_card
from core.resources.queries import cards_of
from portal.access import SignedInView
from portal.files.card_files import card_file_answer
from portal.person_choices import key_of
from portal.resources.acts import OneResourceView
from portal.resources.card_forms import get_card_set
from portal.resources.presenters import card_rows
from portal.resources.views import StaffView


class CardsView(StaffView):
    """All cards, to be put in order, changed, removed, and added to."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        resource = get_card_set(self.user, pk)
        rows = card_rows(resource)
        context = {"resource": resource, "rows": rows, "most": MOST_CARDS, "is_full": len(rows) >= MOST_CARDS}
        return render(request, "resources/cards.html", context)


class CardActView(OneResourceView):
    """Something that is done with the cards of a set; it leads back to them."""

    def load(self, pk: UUID) -> None:
        self.resource = get_card_set(self.user, pk)

    def get_success_url(self) -> str:
        return reverse("resources:cards", args=[self.resource.pk])


class OrderView(CardActView):
    """As they are to stand: all by `order`, or one (`card`) a step earlier or later (`to`)."""

    def perform(self) -> None:
        order = [each.pk for each in cards_of(self.resource)]
        if sent := self.request.POST.get("order"):
            order = [key for part in sent.split(",") if (key := key_of(part)) is not None]
        elif (card := key_of(self.request.POST.get("card", ""))) in order:
            at = order.index(card)  # type: ignore[arg-type]
            there = max(0, min(len(order) - 1, at + (-1 if self.wants == "earlier" else 1)))
            order.insert(there, order.pop(at))
        actions.order_cards(resource=self.resource, order=order, by=self.user, now=clock.now())


class CardRemovalView(OneResourceView):
    """Out of the set."""

    success_message = gettext_lazy("The card is removed.")
    card: Card

    def load(self, pk: UUID, card: UUID) -> None:  # type: ignore[override] because its address names the card, too
        self.card = get_card(self.user, pk, card, to=CHANGE)
        self.resource = self.card.resource

    def perform(self) -> None:
        actions.remove_card(card=self.card, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("resources:cards", args=[self.resource.pk])


class CardFileView(SignedInView):
    """A picture or a sound on a card."""

    def get(self, request: HttpRequest, pk: UUID, card: UUID, side: str, part: str) -> HttpResponseBase:
        return card_file_answer(request, get_card(self.user, pk, card), side, part)
