"""What packages are offered, and how packages work here."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Service
from billing.packages import permissions
from billing.packages.actions import catalogue
from billing.packages.models import Package
from billing.packages.queries import package_settings
from billing.queries import organization
from portal.billing import package_rows
from portal.billing.base import BillingFormView, BillingView
from portal.billing.package_forms import PackageForm, PackageSettingsForm, counted


class PackageOffersView(BillingView):
    """What is offered, at which price."""

    section = "packages"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = permissions.packages_managed_by(self.user).prefetch_related("services")
        rows = [package_rows.offer_row(package) for package in found]
        return self.page("billing/package_offers.html", {"rows": rows, "pages": package_rows.pages("offers")})


class PackageOfferView(BillingFormView):
    """A new package, or one to change."""

    section = "packages"
    template_name = "billing/package_offer.html"
    edits = True
    success_message = _("Saved. What was sold before keeps its terms.")

    def load(self, pk: UUID | None = None) -> None:
        self.package = permissions.get_package(self.user, pk) if pk else None

    def is_editing(self) -> bool:
        return "pk" in self.kwargs

    def get_edited(self) -> list[Any]:
        return [self.package] if self.package else []

    def get_initial(self) -> dict[str, Any]:
        package = self.package
        if package is None:
            return {
                "tax_rate": organization.billing_settings().tax_rate, "covers_all": True, "valid_period": "months",
                "unit": "appointment",
            }  # fmt: skip
        names = (
            "name",
            "unit",
            "price",
            "tax_rate",
            "valid_count",
            "valid_period",
            "covers_all",
            "is_online",
            "is_active",
        )
        values = {name: getattr(package, name) for name in names}
        for name in ("units", "weekly_limit"):
            values[name] = counted(getattr(package, name), package.unit, package.currency)
        return values | {"services": [service.pk for service in package.services.all()]}

    def get_form(self, *posted: Any) -> PackageForm:
        chosen = Q(packages=self.package) if self.package else Q()
        services = Service.objects.filter(Q(is_active=True) | chosen).distinct()
        if self.package is None:
            services = Service.objects.filter(is_active=True)
        currency = self.package.currency if self.package else organization.currency()
        return PackageForm(
            *posted, initial=self.get_initial(), currency=currency, services=services, package=self.package
        )

    def perform(self, form: PackageForm) -> Package:
        return catalogue.save_package(terms=form.terms(), package=self.package, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "package": self.package}

    def get_success_url(self) -> str:
        return reverse("billing:package-offers")


class PackageSettingsView(BillingFormView):
    """When a package can be used, and when its end is told."""

    section = "packages"
    template_name = "billing/package_settings.html"
    edits = True
    success_message = _("Saved. What was sold before keeps when it can be used.")

    def get_edited(self) -> list[Any]:
        return [package_settings()]

    def get_initial(self) -> dict[str, Any]:
        settings = package_settings()
        return {"usable_when": settings.usable_when, "notice_days": settings.notice_days}

    def get_form(self, *posted: Any) -> PackageSettingsForm:
        return PackageSettingsForm(*posted, initial=self.get_initial())

    def perform(self, form: PackageSettingsForm) -> None:
        catalogue.save_settings(**form.cleaned_data, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "pages": package_rows.pages("settings")}

    def get_success_url(self) -> str:
        return reverse("billing:package-settings")
