"""Charges that await an invoice."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import permissions
from billing.actions.charges import change_charge, waive_charge
from billing.actions.invoices import invoice_each
from billing.models import Charge, Invoice
from billing.packages.actions.use import PACKAGE
from billing.queries.invoices import totals_of_charges
from core.kernel.search import Word
from core.people.queries import clients_with, found_by
from portal.billing import presenters
from portal.billing.base import BillingActionView, BillingFormView, PageMixin
from portal.billing.forms import ChargeForm

PER_PAGE = 100  # because whoever bills a month wants to see and choose it at once


class ChargeListView(PageMixin, BillingActionView):
    """What was completed and not yet billed, by client; chosen ones become one invoice per client."""

    section = "charges"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        query = request.GET.get("q", "").strip()[:80]
        found = found_by(query, self._open_charges(), _with)
        ordered = found.order_by("client__sort_key", "client_id", "happened_at", "pk")
        page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "rows": [presenters.charge_row(charge) for charge in page.object_list],
            "page": page,
            "query": query,
            "totals": [presenters.shown(total) for total in totals_of_charges(found)],
        }
        return self.page("billing/charge_list.html", context)

    def perform(self) -> list[Invoice]:
        """An invoice for each client of the chosen charges, or none at all."""
        found = self._open_charges().filter(pk__in=valid_ids(self.request.POST.getlist("charge")))
        return invoice_each(charges=list(found), by=self.user, now=self.now)

    def get_success_message(self) -> str:
        many = len(self.result)
        if many == 1:
            return ""
        return ngettext("%(count)s %(invoice)s was made.", "%(count)s %(invoices)s were made.", many) % {"count": many}

    def get_success_url(self) -> str:
        if not self.result:
            return reverse("billing:charges")
        return (
            reverse("billing:invoice", args=[self.result[0].pk])
            if len(self.result) == 1
            else reverse("billing:invoices")
        )

    def _open_charges(self) -> "QuerySet[Charge]":
        return permissions.charges_visible_to(self.user).filter(state=Charge.State.OPEN)


class ChargeView(BillingFormView):
    """Another amount, or none, with the reason."""

    section = "charges"
    template_name = "billing/charge_form.html"
    edits = True

    def load(self, pk: UUID) -> None:
        self.charge = permissions.get_open_charge(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.charge]

    def get_form(self, *posted: Any) -> ChargeForm:
        return ChargeForm(*posted, currency=self.charge.currency, initial={"price": self.charge.price})

    def perform(self, form: ChargeForm) -> Charge:
        price, reason = form.cleaned_data["price"], form.cleaned_data["reason"]
        if price:
            return change_charge(charge=self.charge, price=price, reason=reason, by=self.user, now=self.now)
        return waive_charge(charge=self.charge, reason=reason, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        has_units = self.charge.source == PACKAGE
        return {**super().get_context_data(form), "row": presenters.charge_row(self.charge), "has_units": has_units}

    def get_success_message(self) -> str:
        waived = self.result.state == Charge.State.WAIVED
        return _("The charge is waived.") if waived else _("The charge is changed.")

    def get_success_url(self) -> str:
        return reverse("billing:charges")


def _with(word: Word) -> Q:
    """Charges in which the word is found: in the client, the practitioner's name, or what the charge is for."""
    return word.in_("search_key") | Q(client__in=clients_with(word))


def valid_ids(texts: list[str]) -> list[UUID]:
    """The ids among what a form sent; the rest is nobody's."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
