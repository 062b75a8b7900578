"""Reminders of what is overdue: the schedule, one by hand, many by hand, and what holds them back."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Invoice
from billing.queries import organization
from billing.reminders import queries
from billing.reminders.actions import holding, reminding
from billing.reminders.models import Reminder, ReminderHold
from billing.reminders.rules.dunning import level_by_hand
from portal.billing import reminder_rows
from portal.billing.base import BillingActionView, BillingFormView, ManagedInvoiceMixin
from portal.billing.reminder_forms import ChosenPayersForm, HoldForm, ReminderSettingsForm

MOST_SHOWN = 200  # invoices that are looked at on one page


class ReminderSettingsView(BillingFormView):
    """Whether payers are reminded by themselves, and when."""

    section = "settings"
    template_name = "billing/reminder_settings.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def get_edited(self) -> list[Any]:
        return [queries.reminder_settings()]

    def get_form(self, *posted: Any) -> ReminderSettingsForm:
        return ReminderSettingsForm(*posted, settings=queries.reminder_settings())

    def perform(self, form: ReminderSettingsForm) -> None:
        holding.save_settings(terms=holding.Terms(**form.cleaned_data), by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        overdue = queries.overdue_invoices(organization.today(self.now)).count()
        return {**super().get_context_data(form), "overdue": overdue}

    def get_success_url(self) -> str:
        return reverse("billing:reminder-settings")


class InvoiceReminderView(ManagedInvoiceMixin, BillingActionView):
    """Send the next reminder of one invoice now."""

    def perform(self) -> Reminder:
        return reminding.remind_now(invoices=[self.invoice], by=self.user, now=self.now)

    def get_success_message(self) -> str:
        return _("%(name)s is reminded by mail.") % {"name": self.invoice.payer_name}


class InvoiceHoldView(ManagedInvoiceMixin, BillingFormView):
    """Payment is promised, or nobody is to be reminded."""

    form_class = HoldForm
    template_name = "billing/hold_form.html"
    edits = False
    success_message = gettext_lazy("Noted. Reminders wait.")

    def perform(self, form: HoldForm) -> ReminderHold:
        return holding.hold_reminders(invoice=self.invoice, **form.cleaned_data, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "invoice": self.invoice}


class InvoiceHoldLiftView(ManagedInvoiceMixin, BillingActionView):
    """Let reminders of one invoice go on."""

    success_message = gettext_lazy("Reminders go on.")

    def perform(self) -> bool:
        holding.lift_hold(invoice=self.invoice, by=self.user, now=self.now)
        return True


class RemindersView(BillingFormView):
    """Who can be reminded today, looked at first; then one mail for each payer who is chosen, and what became of it."""

    template_name = "billing/reminders.html"
    edits = False

    def load(self) -> None:
        today, schedule = organization.today(self.now), queries.reminder_settings().schedule
        found = queries.overdue_invoices(today)[: MOST_SHOWN + 1]
        self.is_more = len(found) > MOST_SHOWN
        levels = {each.pk: level_by_hand(queries.as_overdue(each), schedule, today) for each in found}
        self.levels = {pk: level for pk, level in levels.items() if level is not None}
        self.batches: dict[str, list[Invoice]] = queries.by_payer(
            each for each in list(found)[:MOST_SHOWN] if each.pk in self.levels
        )

    def get_form(self, *posted: Any) -> ChosenPayersForm:
        return ChosenPayersForm(*posted, payers=list(self.batches))

    def perform(self, form: ChosenPayersForm) -> list[reminding.Result]:
        chosen = [self.batches[key] for key in form.cleaned_data["payer"]]
        return reminding.remind_each(batches=chosen, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        rows = [reminder_rows.payer_row(key, found, self.levels) for key, found in self.batches.items()]
        context = {"rows": rows, "is_more": self.is_more}
        return {**super().get_context_data(form), **context}

    def done(self) -> HttpResponse:
        rows = [reminder_rows.result_row(result) for result in self.result]
        return render(self.request, "billing/reminders_sent.html", {**self.section_context(), "rows": rows})

    def get_success_url(self) -> str:
        return reverse("billing:reminders")
