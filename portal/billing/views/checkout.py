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
from billing.actions import cards, payments
from billing.permissions import PAY
from billing.queries.processor import account_in_use, saved_cards
from branding.queries import current_brand, palette
from core.kernel.errors import ConflictError, DomainError, GatewayError
from core.kernel.ids import new_id
from portal.billing import presenters
from portal.billing.base import BillingPageView, SectionMixin
from portal.billing.views.charges import valid_ids
from portal.forms import ActionView


class CheckoutView(SectionMixin, ActionView):
    """Start paying the chosen invoices together. Somebody who reloads or keeps the address chooses again."""

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


class PaymentCardView(BillingPageView):
    """The card fields of one payment. What is typed there goes to the processor and never comes here."""

    section = "payments"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payment = permissions.get_payment(self.user, pk, to=PAY)
        try:
            secret = payments.secret_of(payment=payment, by=self.user, now=self.now)
        except GatewayError as error:
            messages.error(request, error.message)
            return redirect("billing:invoices")
        if not secret:
            return redirect("billing:payment", pk=pk)
        payment.refresh_from_db()
        context = {
            "row": presenters.payment_row(payment),
            "shares": presenters.share_rows(payment),
            "cards": saved_cards(self.user),
            "fields": card_fields(payment.account_id, secret, reverse("billing:payment", args=[pk])),
            "descriptor_name": current_brand().name,
        }
        return self.page("billing/payment_card.html", context)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """From the page's script: save the card that pays, or not."""
        payment = permissions.get_payment(self.user, pk, to=PAY)
        try:
            payments.set_card_saving(
                payment=payment, save=request.POST.get("save") == "yes", by=self.user, now=self.now
            )
        except (ConflictError, GatewayError) as error:
            return HttpResponse(error.message, status=409, content_type="text/plain; charset=utf-8")
        return HttpResponse(status=204)


class CardListView(BillingPageView):
    """The person's saved cards."""

    section = "cards"

    def get(self, request: HttpRequest) -> HttpResponse:
        account = account_in_use()
        context = {"cards": saved_cards(self.user), "can_add": account is not None and account.is_ready}
        return self.page("billing/card_list.html", context)


class NewCardView(BillingPageView):
    """Save a card without paying now."""

    section = "cards"

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            setup = cards.start_card_setup(key=str(new_id()), by=self.user, now=self.now)
        except (DomainError, GatewayError) as error:
            messages.error(request, error.message)
            return redirect("billing:cards")
        account = account_in_use()
        fields = card_fields(account.external_id if account else "", setup.secret, reverse("billing:card-saved"))
        return self.page("billing/card_new.html", {"fields": fields})


class SavedCardView(BillingPageView):
    """Where the card fields lead after a card was given: note it."""

    section = "cards"

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            card = cards.finish_card_setup(external_id=request.GET.get("setup_intent", ""), by=self.user, now=self.now)
            messages.success(request, _("%(card)s is kept for your next payment.") % {"card": card})
        except (DomainError, GatewayError) as error:
            messages.error(request, error.message)
        return redirect("billing:cards")


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
