"""Paying by card on the organization's own host: choose invoices, give the card to the processor's fields, see the outcome."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing import permissions
from billing.actions import card_links, cards, payments
from billing.gateways import gateway
from billing.gateways.base import CardSetup
from billing.models import Payment, SavedCard
from billing.permissions import PAY
from billing.queries import organization
from billing.queries.card_links import mandates_in_force
from billing.queries.processor import account_in_use, saved_cards
from branding.queries import current_brand, palette
from core.kernel.ids import new_id
from portal.billing import presenters
from portal.billing.base import BillingListView, EntryMixin, PageMixin, SectionMixin, can_add_cards, can_open_cards
from portal.billing.views.charges import valid_ids
from portal.forms import ActionView, AskingView


class CheckoutView(SectionMixin, ActionView):
    """Start paying the chosen invoices together. Somebody who reloads or keeps the address chooses again."""

    calls_processor = True

    def load(self) -> None:
        self.chosen = valid_ids(self.request.POST.getlist("invoice"))

    def perform(self) -> payments.StartedPayment:
        return payments.start_payment(invoices=self.chosen, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        """To the card fields; back to what was chosen when it could not be started."""
        if self.result is not None:
            return reverse("billing:payment-card", args=[self.result.payment.pk])
        if len(self.chosen) == 1:
            return reverse("billing:invoice", args=self.chosen)
        return reverse("billing:invoices")


class PaymentCardView(PageMixin, AskingView, ActionView):
    """The card fields of one payment. What is typed there goes to the processor and never comes here."""

    section = "payments"
    calls_processor = True

    def load(self, pk: UUID) -> None:
        self.payment = permissions.get_payment(self.user, pk, to=PAY)

    def ask(self) -> str:
        return payments.secret_of(payment=self.payment, by=self.user, now=self.now)

    def show(self) -> HttpResponse:
        if not self.asked:
            return redirect(self.get_success_url())
        self.payment.refresh_from_db()
        today = organization.today(self.now)
        context = {
            "row": presenters.payment_row(self.payment),
            "shares": presenters.share_rows(self.payment),
            "cards": [card for card in saved_cards(self.user) if not card.is_expired(today)],
            "fields": card_fields(self.payment.account_id, self.asked, self.get_success_url()),
            "descriptor_name": current_brand().name,
        }
        return self.page("billing/payment_card.html", context)

    def perform(self) -> Payment:
        """From the page's script, before it gives the card to the processor: is this still due, and is the card saved?"""
        save_card = self.request.POST.get("save") == "yes"
        return payments.prepare_payment(payment=self.payment, save_card=save_card, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:payment", args=[self.payment.pk])


class CardListView(BillingListView):
    """The person's saved cards."""

    section = "cards"
    may_open = staticmethod(can_open_cards)

    def get(self, request: HttpRequest) -> HttpResponse:
        account = account_in_use()
        today = organization.today(self.now)
        context = {
            "cards": [{"card": card, "is_expired": card.is_expired(today)} for card in saved_cards(self.user)],
            "mandates": mandates_in_force().filter(user=self.user),
            "can_add": account is not None and account.is_ready and can_add_cards(self.user),
        }
        return self.page("billing/card_list.html", context)


class CardMandateView(SectionMixin, ActionView):
    """Withdraw what was agreed: from then on the card is charged only by its holder."""

    section = "cards"
    success_message = gettext_lazy("Withdrawn. The card is charged only when its holder pays with it.")

    def load(self, pk: UUID) -> None:
        self.mandate = permissions.get_card_mandate(self.user, pk)

    def perform(self) -> None:
        card_links.withdraw_mandate(mandate=self.mandate, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        if self.mandate.user_id == self.user.pk:
            return reverse("billing:cards")
        return reverse("billing:payer-cards", args=[self.mandate.client_id])


class NewCardView(EntryMixin, PageMixin, AskingView):
    """Save a card without paying now."""

    section = "cards"
    may_open = staticmethod(can_add_cards)

    def ask(self) -> CardSetup:
        return cards.start_card_setup(key=str(new_id()), by=self.user, now=self.now)

    def show(self) -> HttpResponse:
        fields = card_fields(self.asked.account, self.asked.secret, reverse("billing:card-saved"))
        return self.page("billing/card_new.html", {"fields": fields})

    def get_success_url(self) -> str:
        return reverse("billing:cards")


class SavedCardView(PageMixin, AskingView):
    """Where the card fields lead after a card was given: note it."""

    section = "cards"

    def ask(self) -> SavedCard:
        setup = self.request.GET.get("setup_intent", "")
        return cards.finish_card_setup(external_id=setup, by=self.user, now=self.now)

    def show(self) -> HttpResponse:
        messages.success(self.request, _("%(card)s is kept for your next payment.") % {"card": self.asked})
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("billing:cards")


class CardView(SectionMixin, ActionView):
    """Forget a card."""

    section = "cards"
    success_message = gettext_lazy("The card is removed.")

    def load(self, pk: UUID) -> None:
        self.card = permissions.get_card(self.user, pk)

    def perform(self) -> None:
        cards.remove_card(card=self.card, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:cards")


def card_fields(account: str, secret: str, done: str) -> dict[str, Any]:
    """What the page's script needs to mount the processor's fields, with the brand's looks."""
    colours, brand = palette().colours, current_brand()
    return {
        "sentences": gateway().sentences(),
        "script": settings.STRIPE_JS_URL,
        "key": settings.STRIPE_PUBLISHABLE_KEY,
        "account": account,
        "secret": secret,
        "done": done,
        "language": (get_language() or "en").split("-")[0],
        "primary": colours["text"],
        "text": colours["neutral-900"],
        "surface": colours["neutral-0"],
        "danger": colours["danger-text"],
        "radius": {"sharp": "2px", "soft": "8px", "round": "14px"}.get(brand.radius, "8px"),
    }
