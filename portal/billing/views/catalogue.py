"""Services, clients' own rates, and how the organization bills."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing import permissions
from billing.actions import catalogue
from billing.actions.catalogue import BillingTerms
from billing.models import Rate, Service
from billing.queries import organization
from core.people.queries import clients_with, found_by
from portal.billing import presenters
from portal.billing.base import BillingActionView, BillingFormView, BillingView
from portal.billing.forms import RateForm, ServiceForm, SettingsForm

PER_PAGE = 50


class ServiceListView(BillingView):
    """What is offered, at which price."""

    section = "services"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = permissions.services_managed_by(self.user)
        rows = [{"service": service, "price": presenters.shown(service.price)} for service in found]
        return self.page("billing/service_list.html", {"rows": rows})


class ServiceView(BillingFormView):
    """A new service, or one to change."""

    section = "services"
    template_name = "billing/service_form.html"
    edits = True
    success_message = _("Saved. What was charged before keeps its amount.")

    def load(self, pk: UUID | None = None) -> None:
        self.service = permissions.get_service(self.user, pk) if pk else None

    def is_editing(self) -> bool:
        return "pk" in self.kwargs

    def get_edited(self) -> list[Any]:
        return [self.service] if self.service else []

    def get_initial(self) -> dict[str, Any]:
        if self.service is None:
            return {"tax_rate": organization.billing_settings().tax_rate}
        names = ("name", "description", "price", "unit", "minutes", "tax_rate", "is_active")
        return {name: getattr(self.service, name) for name in names}

    def get_form(self, *posted: Any) -> ServiceForm:
        currency = self.service.currency if self.service else organization.currency()
        return ServiceForm(*posted, initial=self.get_initial(), currency=currency, service=self.service)

    def perform(self, form: ServiceForm) -> Service:
        return catalogue.save_service(terms=form.terms(), service=self.service, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "service": self.service}

    def get_success_url(self) -> str:
        return reverse("billing:services")


class RateListView(BillingView):
    """Clients with prices of their own."""

    section = "rates"

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("q", "").strip()[:80]
        found = found_by(typed, permissions.rates_visible_to(self.user), lambda word: Q(client__in=clients_with(word)))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        rows = [
            {
                "rate": rate, "price": presenters.shown(rate.price), "usual": presenters.shown(rate.service.price),
                "client_id": str(rate.client_id), "service_id": str(rate.service_id),
            }
            for rate in page
        ]  # fmt: skip
        kept = urlencode({"q": typed}) if typed else ""
        return self.page("billing/rate_list.html", {"rows": rows, "page": page, "query": typed, "kept": kept})


class NewRateView(BillingFormView):
    """A price of their own for one client; a second one for the same service replaces the first."""

    section = "rates"
    template_name = "billing/rate_form.html"
    edits = True
    success_message = _("The rate holds from now on.")

    def is_one_per_content(self) -> bool:
        return True

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {}  # because whose rate it is, the form says only when it comes back

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.GET[name] for name in ("client", "service") if name in self.request.GET}

    def get_form(self, *posted: Any) -> RateForm:
        return RateForm(
            *posted,
            initial=self.get_initial(),
            user=self.user,
            services=permissions.services_managed_by(self.user).filter(is_active=True),
            currency=organization.currency(),
            vocabulary=self.request.vocabulary,  # type: ignore[attr-defined]
        )

    def perform(self, form: RateForm) -> Rate:
        chosen = {name: form.cleaned_data[name] for name in ("client", "service")}
        self.refuse_if_changed(Rate.objects.select_for_update().filter(**chosen), "price", form)
        return catalogue.set_rate(**form.cleaned_data, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:rates")


class RateView(BillingActionView):
    """Taking a rate away: the service's price holds again."""

    section = "rates"
    success_message = _("The rate is gone. The price of the %(service)s holds again.")

    def load(self, pk: UUID) -> None:
        self.rate = permissions.get_rate(self.user, pk)

    def perform(self) -> None:
        catalogue.remove_rate(rate=self.rate, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:rates")


class SettingsView(BillingFormView):
    """Numbers, terms, tax, and what card statements show."""

    section = "settings"
    template_name = "billing/settings.html"
    edits = True
    success_message = _("Saved.")

    def load(self) -> None:
        self.settings = organization.billing_settings()

    def get_edited(self) -> list[Any]:
        return [self.settings]

    def get_form(self, *posted: Any) -> SettingsForm:
        return SettingsForm(*posted, instance=organization.billing_settings())

    def perform(self, form: SettingsForm) -> None:
        catalogue.save_settings(terms=BillingTerms(**form.cleaned_data), by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "suggested": organization.statement_descriptor()}

    def get_success_url(self) -> str:
        return reverse("billing:settings")
