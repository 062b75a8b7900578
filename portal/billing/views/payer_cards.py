"""For whoever bills: the cards of those who pay for a client, links to save one, and customers of the payment service."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import permissions
from billing.actions import card_links, linked_customers
from billing.models import CardLink, Customer
from billing.queries import organization
from billing.queries.card_links import cards_of_payers
from billing.queries.processor import account_in_use
from billing.rules.card_links import USABLE, CardLinkState
from core.kernel.errors import DomainError, GatewayError, NotFound
from core.people.models import User
from portal.billing.base import BillingActionView, BillingFormView, BillingView
from portal.billing.card_forms import CustomerForm
from portal.billing.views.charges import valid_ids
from portal.forms import add_refusal

REFUSALS = (DomainError, GatewayError)
STATES = {
    CardLinkState.SENT: (gettext_lazy("Sent"), "info"),
    CardLinkState.OPENED: (gettext_lazy("Opened"), "info"),
    CardLinkState.SAVED: (gettext_lazy("Card saved"), "success"),
    CardLinkState.REVOKED: (gettext_lazy("Revoked"), "neutral"),
    CardLinkState.EXPIRED: (gettext_lazy("Expired"), "warning"),
}


class PayerCardsView(BillingView):
    """Everybody who can be billed for the client: their cards, the link sent to them, what they have agreed to."""

    section = "balances"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = permissions.get_billed_client(self.user, pk)
        account, today = account_in_use(), organization.today(self.now)
        rows = [
            {
                "payer": each.payer.user, "payer_id": str(each.payer.user.pk), "is_agent": each.payer.agent is not None,
                "cards": [{"card": card, "is_expired": card.is_expired(today)} for card in each.cards],
                "link": each.link, "state": STATES[each.state] if each.state else None, "is_open": each.state in USABLE,
                "mandate": each.mandate, "customer": each.customer if each.customer and each.customer.linked_at else None,
                "can_link": not each.cards and not (each.customer and each.customer.linked_at),
            }
            for each in cards_of_payers(client, self.now)
        ]  # fmt: skip
        can_ask = account is not None and account.is_ready and client.status == "active"
        context = {
            "client": client,
            "rows": rows,
            "can_ask": can_ask,
            "is_ready": account is not None and account.is_ready,
        }
        return self.page("billing/payer_cards.html", {**context, "is_hidden": not permissions.shows_costs(client)})


class PayersMixin:
    """Fetches the client whose payers it is about, and leads back to their cards."""

    section = "balances"
    user: User

    def load(self, pk: UUID) -> None:
        self.client = permissions.get_billed_client(self.user, pk)

    def get_success_url(self) -> str:
        return reverse("billing:payer-cards", args=[self.client.pk])


class PayerCardLinkView(PayersMixin, BillingActionView):
    """Send a payer a link to save a card, or a new one."""

    def perform(self) -> CardLink:
        [pk] = valid_ids(self.request.POST.getlist("payer")[:1]) or [None]
        payer = User.objects.filter(pk=pk).first()
        if payer is None:
            raise NotFound
        return card_links.send_card_link(client=self.client, payer=payer, by=self.user, now=self.now)

    def get_success_message(self) -> str:
        return _("The link is on its way to %(address)s.") % {"address": self.result.email}


class CardLinkRevocationView(BillingActionView):
    """Make a link that was sent worthless."""

    section = "balances"
    success_message = gettext_lazy("The link no longer works.")

    def load(self, pk: UUID) -> None:
        self.link = permissions.get_card_link(self.user, pk)

    def perform(self) -> None:
        card_links.revoke_card_link(link=self.link, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:payer-cards", args=[self.link.client_id])


class PayerCustomerView(PayersMixin, BillingFormView):
    """Link a customer whom the account had before: the id is looked up first, and linked once somebody has confirmed who it is."""

    form_class = CustomerForm
    template_name = "billing/customer_form.html"
    edits = False
    calls_processor = True
    found: linked_customers.FoundCustomer | None = None

    def get_form(self, *posted: Any) -> BaseForm:
        return CustomerForm(
            *posted, payers=cards_of_payers(self.client, self.now), chosen=self.request.GET.get("payer", "")
        )

    def is_one_per_content(self) -> bool:
        return False

    def act(self, **kwargs: Any) -> HttpResponse:
        if self.request.POST.get("seen"):
            return super().act(**kwargs)
        self.load(**kwargs)
        return self.look_up()

    def look_up(self) -> HttpResponse:
        """The first step: what the payment service says of the id. Nothing is written."""
        form: Any = self.get_form(self.request.POST)
        if not form.is_valid():
            return self.render_form(form)
        try:
            self.found = linked_customers.find_customer(
                client=self.client, payer=form.cleaned_data["payer"], typed=form.cleaned_data["customer"], by=self.user
            )
        except REFUSALS as refusal:
            add_refusal(form, refusal)
        return self.render_form(form)

    def perform(self, form: Any) -> Customer:
        cleaned = form.cleaned_data
        return linked_customers.link_customer(
            client=self.client,
            payer=cleaned["payer"],
            typed=cleaned["customer"],
            seen=cleaned["seen"],
            by=self.user,
            now=self.now,
        )

    def get_context_data(self, form: Any) -> dict[str, Any]:
        context = {**super().get_context_data(form), "client": self.client}
        if self.found is None:
            return context
        facts, cleaned = self.found.facts, form.cleaned_data
        return {
            **context,
            "found": facts,
            "payer": cleaned["payer"],
            "typed": cleaned["customer"],
            "seen": self.found.seen,
        }

    def get_success_message(self) -> str:
        return _("%(name)s is linked with %(external_id)s.") % {
            "name": self.result.user.name,
            "external_id": self.result.external_id,
        }


class CustomerRemovalView(BillingActionView):
    """Unlink a customer; at the payment service nothing changes."""

    section = "balances"
    success_message = gettext_lazy("The id is unlinked. At the payment service nothing has changed.")

    def load(self, pk: UUID) -> None:
        self.customer = permissions.get_customer(self.user, pk)

    def perform(self) -> None:
        linked_customers.unlink_customer(customer=self.customer, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        [client] = valid_ids(self.request.POST.getlist("client")[:1]) or [None]
        return reverse("billing:payer-cards", args=[client]) if client else reverse("billing:balances")
