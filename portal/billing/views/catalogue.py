"""Services, clients' own rates, and how the organization bills."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing import permissions
from billing.actions import accounts, catalogue
from billing.actions.catalogue import BillingTerms, ServiceTerms
from billing.models import Service
from billing.queries import organization
from core.kernel.errors import GatewayError
from portal.billing import presenters
from portal.billing.base import BillingView
from portal.billing.forms import RateForm, ServiceForm, SettingsForm


class ServiceListView(BillingView):
    """What is offered, at which price."""

    section = "services"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = permissions.services_managed_by(self.user)
        rows = [{"service": service, "price": presenters.shown(service.price)} for service in found]
        return self.page("billing/service_list.html", {"rows": rows})


class ServiceView(BillingView):
    """A new service, or one to change."""

    section = "services"

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        service = self._service(pk)
        names = ("name", "description", "price", "unit", "minutes", "tax_rate", "is_active")
        start = (
            {name: getattr(service, name) for name in names}
            if service
            else {"tax_rate": organization.billing_settings().tax_rate}
        )
        return self._form_page(service, ServiceForm(initial=start, currency=self._currency(service)))

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        service = self._service(pk)
        form = ServiceForm(request.POST, currency=self._currency(service))
        if form.is_valid() and self.attempt(form, lambda: self._save(service, form)):
            messages.success(request, _("Saved. What was charged before keeps its amount."))
            return redirect("billing:services")
        return self._form_page(service, form, status=422)

    def _save(self, service: Service | None, form: ServiceForm) -> None:
        catalogue.save_service(terms=ServiceTerms(**form.cleaned_data), service=service, by=self.user, now=self.now)

    def _service(self, pk: UUID | None) -> Service | None:
        return permissions.get_service(self.user, pk) if pk else None

    def _currency(self, service: Service | None) -> str:
        return service.currency if service else organization.currency()

    def _form_page(self, service: Service | None, form: ServiceForm, status: int = 200) -> HttpResponse:
        return self.page("billing/service_form.html", {"service": service, "form": form}, status=status)


class RateListView(BillingView):
    """Clients with prices of their own."""

    section = "rates"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = permissions.rates_visible_to(self.user)
        rows = [
            {
                "rate": rate, "price": presenters.shown(rate.price), "usual": presenters.shown(rate.service.price),
                "client_id": str(rate.client_id), "service_id": str(rate.service_id),
            }
            for rate in found
        ]  # fmt: skip
        return self.page("billing/rate_list.html", {"rows": rows})


class NewRateView(BillingView):
    """A price of their own for one client; a second one for the same service replaces the first."""

    section = "rates"

    def get(self, request: HttpRequest) -> HttpResponse:
        start = {name: request.GET[name] for name in ("client", "service") if name in request.GET}
        return self.page("billing/rate_form.html", {"form": self._form(initial=start)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(data=request.POST)
        if form.is_valid() and self.attempt(form, lambda: self._set(form.cleaned_data)):
            messages.success(request, _("The rate holds from now on."))
            return redirect("billing:rates")
        return self.page("billing/rate_form.html", {"form": form}, status=422)

    def _form(self, **options: Any) -> RateForm:
        return RateForm(
            clients=permissions.clients_billed_by(self.user),
            services=permissions.services_managed_by(self.user).filter(is_active=True),
            currency=organization.currency(),
            vocabulary=self.request.vocabulary,  # type: ignore[attr-defined]
            **options,
        )

    def _set(self, values: dict[str, Any]) -> None:
        catalogue.set_rate(
            client=values["client"], service=values["service"], price=values["price"], by=self.user, now=self.now
        )


class RateView(BillingView):
    """Taking a rate away: the service's price holds again."""

    section = "rates"

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        catalogue.remove_rate(rate=permissions.get_rate(self.user, pk), by=self.user, now=self.now)
        messages.success(request, _("The rate is gone. The price of the service holds again."))
        return redirect("billing:rates")


class SettingsView(BillingView):
    """Numbers, terms, tax, and what card statements show."""

    section = "settings"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._form_page(SettingsForm(instance=organization.billing_settings()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SettingsForm(request.POST, instance=organization.billing_settings())
        if form.is_valid() and self.attempt(form, lambda: self._save(form.cleaned_data)):
            messages.success(request, _("Saved."))
            return redirect("billing:settings")
        return self._form_page(form, status=422)

    def _save(self, values: dict[str, Any]) -> None:
        catalogue.save_settings(terms=BillingTerms(**values), by=self.user, now=self.now)
        try:
            accounts.set_statement_descriptor(descriptor=values["statement_descriptor"], by=self.user, now=self.now)
        except GatewayError as error:
            messages.warning(self.request, error.message)

    def _form_page(self, form: SettingsForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "suggested": organization.statement_descriptor()}
        return self.page("billing/settings.html", context, status=status)
