"""Packages that were sold: everybody's for whoever bills, their own for payers; sold, bought, and one with every row of its ledger."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Invoice
from billing.packages import permissions, queries
from billing.packages.actions import sales
from billing.packages.models import Package, Purchase
from billing.queries import organization
from core.kernel.errors import NotFound
from core.kernel.search import Word
from core.people.queries import clients_with, found_by
from portal.billing import package_rows
from portal.billing.base import BillingFormView, BillingListView, BillingPageView, SectionMixin
from portal.billing.package_forms import BuyForm, SaleForm
from portal.forms import FormView

PER_PAGE = 50


class PackagesView(BillingListView):
    """Whoever bills sees all that were sold; payers see their own, with what they will still meet, and what they can buy."""

    section = "packages"
    may_open = staticmethod(permissions.can_open_packages)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._all(request) if self.manages else self._own(request)

    def _all(self, request: HttpRequest) -> HttpResponse:
        typed, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
        found = found_by(
            typed,
            permissions.purchases_visible_to(self.user),
            _with,
        )
        today = organization.today(self.now)
        found = queries.searched(found, state=state, today=today)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        labels = (("", _("All")), ("current", _("Current")), ("waiting", _("Not paid yet")), ("over", _("Ended")))
        context = {
            "rows": package_rows.purchase_rows(list(page), today),
            "page": page,
            "query": typed,
            "state": state,
            "states": [{"label": label, "url": f"?state={key}", "current": key == state} for key, label in labels],
            "pages": package_rows.pages("sold"),
        }
        return self.page("billing/package_list.html", context)

    def _own(self, request: HttpRequest) -> HttpResponse:
        found = permissions.purchases_visible_to(self.user).order_by("client__sort_key", "-sold_at")
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        purchases = list(page)
        rows = package_rows.purchase_rows(purchases, organization.today(self.now))
        ahead = {}
        for each, row in zip(purchases, rows, strict=True):
            if row["is_current"] and each.client_id not in ahead:
                ahead[each.client_id] = queries.forecast_of(each.client, now=self.now)
            row["ahead"] = ahead.get(each.client_id) if row["is_current"] else None
        on_sale = permissions.packages_on_sale().exists()
        clients = permissions.clients_bought_for_by(self.user) if on_sale else []
        return self.page("billing/packages_own.html", {"rows": rows, "page": page, "clients": list(clients[:20])})


class PackageView(BillingPageView):
    """One package: what is left, what it will meet, and every row of its ledger."""

    section = "packages"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        purchase = permissions.get_purchase(self.user, pk)
        left, today = queries.left_of(purchase), organization.today(self.now)
        row = package_rows.purchase_row(purchase, left, today)
        entries = purchase.entries.order_by("position")
        context = {
            "purchase": purchase,
            "row": row,
            "left": left,
            "facts": package_rows.facts(purchase),
            "entries": package_rows.entry_rows(purchase, entries),
            "ahead": queries.forecast_of(purchase.client, now=self.now) if row["is_current"] else None,
            "has_siblings": self.manages and row["is_current"] and queries.siblings_of(purchase.client).exists(),
            "can_pay": not self.manages and purchase.invoice.state == Invoice.State.OPEN,
        }
        return self.page("billing/package.html", context)


class PackageSaleView(BillingFormView):
    """Staff sell a package."""

    section = "packages"
    template_name = "billing/package_sale.html"
    edits = False
    result: Purchase

    def get_initial(self) -> dict[str, Any]:
        return {"client": self.request.GET["client"]} if "client" in self.request.GET else {}

    def get_form(self, *posted: Any) -> SaleForm:
        packages = permissions.packages_managed_by(self.user).filter(is_active=True)
        return SaleForm(
            *posted,
            initial=self.get_initial(),
            user=self.user,
            packages=list(packages),
            vocabulary=self.request.vocabulary,  # type: ignore[attr-defined]
        )

    def perform(self, form: SaleForm) -> Purchase:
        package: Package = form.packages[form.cleaned_data["package"]]  # type: ignore[attr-defined]
        return sales.sell_package(package=package, client=form.cleaned_data["client"], by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "has_offers": bool(form.packages)}  # type: ignore[attr-defined]

    def get_success_message(self) -> str:
        if self.result.invoice.state == Invoice.State.DRAFT:
            return _("Sold. The %(invoice)s is a draft: choose who pays, and issue it.")
        return _("Sold, and the %(invoice)s is on its way.")

    def get_success_url(self) -> str:
        return reverse("billing:package", args=[self.result.pk])


class PackageBuyView(SectionMixin, FormView):
    """A payer buys a package: the price is read before the last press, and the way on is to its payment."""

    section = "packages"
    template_name = "billing/package_buy.html"
    edits = False
    success_message = gettext_lazy("The package is yours once it is paid.")
    result: Purchase

    def load(self, pk: UUID) -> None:
        self.client = permissions.get_client_to_buy_for(self.user, pk)
        self.packages = list(permissions.packages_on_sale().prefetch_related("services"))
        if not self.packages:
            raise NotFound("packages")

    def get_form(self, *posted: Any) -> BuyForm:
        return BuyForm(*posted, packages=self.packages)

    def perform(self, form: BuyForm) -> Purchase:
        package: Package = form.packages[form.cleaned_data["package"]]  # type: ignore[attr-defined]
        return sales.buy_package(package=package, client=self.client, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        rows = [package_rows.offer_row(package) for package in self.packages]
        usable = queries.package_settings().usable_when
        return {
            **self.section_context(), **super().get_context_data(form), "client": self.client, "rows": rows,
            "usable_at_once": usable == "issued", "tax_included": organization.billing_settings().prices_include_tax,
        }  # fmt: skip

    def get_success_message(self) -> str:
        return "" if self.result.is_released else str(self.success_message)

    def get_success_url(self) -> str:
        return reverse("billing:invoice", args=[self.result.invoice_id])


def _with(word: Word) -> Q:
    """Packages whose client or whose name has the word."""
    found = Q(client__in=clients_with(word))
    for form in word.forms:
        found |= Q(name__icontains=form)
    return found
