"""What becomes of a package that was sold: frozen, transferred, refunded; and units given back by a charge."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.packages import permissions, queries
from billing.packages.actions import changes, use
from billing.packages.models import Purchase
from billing.queries import organization
from billing.queries.prices import Money
from portal.billing import package_rows, presenters
from portal.billing.base import BillingActionView, BillingFormView
from portal.billing.package_forms import FreezeForm, PackageRefundForm, TransferForm, UnitsBackForm


class PurchaseMixin:
    """Fetches the package for whoever bills, and leads back to it."""

    section = "packages"
    user: Any
    purchase: Purchase

    def load(self, pk: UUID) -> None:
        self.purchase = permissions.get_purchase_to_manage(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.purchase]

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        """What is left, and until when: a form about them is looked at again once they have changed."""
        return {"what is left": queries.left_of(self.purchase), "until": str(self.purchase.expires_on)}

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        left = queries.left_of(self.purchase)
        row = package_rows.purchase_row(self.purchase, left, organization.today(self.now))  # type: ignore[attr-defined]
        return {**super().get_context_data(form), "purchase": self.purchase, "row": row}  # type: ignore[misc]

    def get_success_url(self) -> str:
        return reverse("billing:package", args=[self.purchase.pk])


class PackageFreezeView(PurchaseMixin, BillingFormView):
    """From one day to another; the end moves by as many days."""

    template_name = "billing/package_freeze.html"
    edits = True
    success_message = gettext_lazy("Frozen. The end has moved by as many days.")

    def get_form(self, *posted: Any) -> FreezeForm:
        return FreezeForm(*posted, today=organization.today(self.now))

    def perform(self, form: FreezeForm) -> Purchase:
        return changes.freeze(purchase=self.purchase, **form.cleaned_data, by=self.user, now=self.now)


class PackageResumeView(BillingActionView):
    """Ending a freeze today."""

    section = "packages"
    success_message = gettext_lazy("The freeze has ended.")

    def load(self, pk: UUID) -> None:
        self.purchase = permissions.get_purchase_to_manage(self.user, pk)

    def perform(self) -> None:
        changes.resume(purchase=self.purchase, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:package", args=[self.purchase.pk])


class PackageTransferView(PurchaseMixin, BillingFormView):
    """To a sibling for whom the same person pays."""

    template_name = "billing/package_transfer.html"
    edits = True
    result: Purchase

    def get_form(self, *posted: Any) -> TransferForm:
        return TransferForm(
            *posted,
            purchase=self.purchase,
            left=queries.left_of(self.purchase),
            user=self.user,
            vocabulary=self.request.vocabulary,  # type: ignore[attr-defined]
        )

    def perform(self, form: TransferForm) -> Purchase:
        return changes.transfer(purchase=self.purchase, **form.cleaned_data, by=self.user, now=self.now)

    def get_success_message(self) -> str:
        return _("Transferred to %(name)s.") % {"name": self.result.client}


class PackageRefundView(PurchaseMixin, BillingFormView):
    """The unused part, at the price per unit."""

    template_name = "billing/package_refund.html"
    edits = True
    result: Money

    def get_form(self, *posted: Any) -> PackageRefundForm:
        left = queries.left_of(self.purchase)
        return PackageRefundForm(
            *posted, amount=changes.refundable(self.purchase, left), is_due=bool(self.purchase.invoice.due)
        )

    def perform(self, form: PackageRefundForm) -> Money:
        return changes.refund_left(purchase=self.purchase, **form.cleaned_data, by=self.user, now=self.now)

    def get_success_message(self) -> str:
        if not self.result:
            return _("What was left is taken out.")
        return _("What was left is taken out. Its worth: %(amount)s.") % {"amount": presenters.shown(self.result)}


class ChargeUnitsView(BillingFormView):
    """Units go back to their package; the charge is billed or waived."""

    section = "charges"
    template_name = "billing/units_back.html"
    edits = True
    success_message = gettext_lazy("The units are back in the package.")

    def load(self, pk: UUID) -> None:
        self.charge = permissions.get_met_charge(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.charge]

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"how it was met": [self.charge.state, self.charge.amount]}

    def get_form(self, *posted: Any) -> UnitsBackForm:
        return UnitsBackForm(*posted)

    def perform(self, form: UnitsBackForm) -> None:
        use.return_units(charge=self.charge, **form.cleaned_data, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "row": presenters.charge_row(self.charge)}

    def get_success_url(self) -> str:
        return reverse("billing:charges")
