"""Charging the card on file: by hand, with amount and payer read first, and the rule by which it happens by itself."""

from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.autopay.actions import charging, settings
from billing.autopay.queries import autopay_settings, card_on_file
from billing.models import Payment
from billing.queries import organization
from billing.rules.payment_progress import PaymentState
from portal.billing import presenters
from portal.billing.autopay_forms import AutopaySettingsForm, ChargeCardForm
from portal.billing.base import BillingFormView, ManagedInvoiceMixin


class InvoiceCardChargeView(ManagedInvoiceMixin, BillingFormView):
    """How much, from whom, by which card; then it is charged."""

    template_name = "billing/card_charge.html"
    edits = True
    calls_processor = True
    result: Payment

    def get_form(self, *posted: Any) -> ChargeCardForm:
        return ChargeCardForm(*posted, due=self.invoice.due)

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"what is due": str(self.invoice.due)}

    def perform(self, form: ChargeCardForm) -> Payment:
        return charging.charge_card(invoice=self.invoice, amount=form.amount(), by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        found = card_on_file(self.invoice, organization.today(self.now))
        facts = {
            "invoice": self.invoice,
            "due": presenters.shown(self.invoice.due),
            "card": found.card if found and self.invoice.due else None,
            "payer": found.payer if found else None,
            "given_at": found.mandate.given_at if found else None,
        }
        return {**super().get_context_data(form), **facts}

    def get_success_message(self) -> str:
        payment = Payment.objects.get(pk=self.result.pk)
        if payment.state == PaymentState.SUCCEEDED:
            return _("Paid: %(amount)s by %(card)s.") % {
                "amount": presenters.shown(payment.money),
                "card": payment.words,
            }
        if payment.is_live and payment.state != PaymentState.REFUSED:
            return _("The bank has not answered yet. Nothing is booked until it has.")
        return ""

    def get_success_url(self) -> str:
        return reverse("billing:invoice", args=[self.invoice.pk])


class AutopaySettingsView(BillingFormView):
    """When cards on file are charged by themselves, and when again."""

    section = "settings"
    template_name = "billing/autopay_settings.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def get_edited(self) -> list[Any]:
        return [autopay_settings()]

    def get_form(self, *posted: Any) -> AutopaySettingsForm:
        return AutopaySettingsForm(*posted, settings=autopay_settings())

    def perform(self, form: AutopaySettingsForm) -> None:
        settings.save_settings(terms=settings.Terms(**form.cleaned_data), by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:autopay-settings")
