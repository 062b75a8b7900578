"""Payouts: put together, looked at, taken away as a file, noted as paid."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.documents import Formatter
from billing.queries import organization
from billing.wages import permissions, queries
from billing.wages.actions import runs
from billing.wages.bank_file import readiness
from billing.wages.documents import payout_file
from billing.wages.models import Payout, PayoutRun
from billing.wages.rules.payout import Sums, fingerprint
from core.people.roles import Permission
from portal.billing import wage_rows
from portal.billing.base import BillingActionView, BillingFormView, BillingPageView
from portal.billing.files import pdf_answer
from portal.billing.wage_forms import PaidForm, PayoutRunForm
from portal.csv_files import csv_answer, typed

PER_PAGE = 50


class PayoutRunListView(BillingPageView):
    """Every payout, the latest first."""

    section = "wages"
    needs = Permission.MANAGE_WAGES

    def get(self, request: HttpRequest) -> HttpResponse:
        found = permissions.runs_visible_to(self.user).annotate(people=Count("payouts"), total=Sum("payouts__amount"))
        page = Paginator(found.order_by("-until", "-made_at"), PER_PAGE).get_page(request.GET.get("page"))
        rows = [wage_rows.run_row(run, people=run.people, total=run.total) for run in page]
        return self.page("billing/payout_run_list.html", {"rows": rows, "page": page, "pages": wage_rows.pages("runs")})


class NewPayoutRunView(BillingFormView):
    """Who is paid how much up to a day: looked at first, then made as it was seen."""

    section = "wages"
    needs = Permission.MANAGE_WAGES
    template_name = "billing/payout_run_form.html"
    edits = False
    success_message = gettext_lazy("The payout is put together. Pay it at your bank, then note it as paid.")

    def load(self) -> None:
        self.currencies = queries.currencies_unpaid()

    def get_initial(self) -> dict[str, Any]:
        asked = {name: self.request.GET[name] for name in ("until", "currency") if name in self.request.GET}
        return {"until": organization.today(self.now), "currency": self.currencies[0], **asked}

    def get_form(self, *posted: Any) -> PayoutRunForm:
        return PayoutRunForm(*posted, initial=self.get_initial(), currencies=self.currencies)

    def perform(self, form: PayoutRunForm) -> PayoutRun:
        return runs.make_run(**form.cleaned_data, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        seen = self._sums(form)
        is_day = seen is not None
        seen = seen or Sums({}, {})
        if form.is_bound:  # because what is shown with a refusal is what the next press pays
            form.data = {**form.data.dict(), "seen": fingerprint(seen)}  # type: ignore[attr-defined]
        else:
            form.initial["seen"] = fingerprint(seen)
        return {**super().get_context_data(form), **wage_rows.due_rows(seen), "is_day": is_day}

    def _sums(self, form: BaseForm) -> Sums | None:
        """Of what the form says; None where it says no day up to which can be paid."""
        values = PayoutRunForm({name: form[name].value() for name in ("until", "currency")}, currencies=self.currencies)
        if not values.is_valid() or values.cleaned_data["until"] > organization.today(self.now):
            return None
        return queries.sums_to_pay(until=values.cleaned_data["until"], currency=values.cleaned_data["currency"])

    def get_success_url(self) -> str:
        return reverse("billing:payout-run", args=[self.result.pk])


class PayoutRunView(BillingPageView):
    """One payout: who is in it, and what is to be done next."""

    section = "wages"
    needs = Permission.MANAGE_WAGES

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        run = permissions.get_run(self.user, pk)
        payouts = permissions.payouts_visible_to(self.user).filter(run=run).select_related("practitioner__bank_account")
        page = Paginator(payouts, PER_PAGE).get_page(request.GET.get("page"))
        total = payouts.aggregate(total=Sum("amount"))["total"] or 0
        context = {
            "run": run,
            "rows": [_with_account(payout) for payout in page],
            "page": page,
            "bank": readiness(run, list(queries.payouts_with_accounts(run)), permissions.own_account()),
            **wage_rows.run_row(run, people=page.paginator.count, total=total),
        }
        return self.page("billing/payout_run.html", context)


def _with_account(payout: Payout) -> dict[str, Any]:
    """A row with where the wages go to."""
    account = getattr(payout.practitioner, "bank_account", None)
    return {**wage_rows.payout_row(payout), "account": str(account or ""), "payee_id": payout.practitioner_id}


class RunMixin:
    """Which payout a form or a button is about."""

    section = "wages"
    needs = Permission.MANAGE_WAGES
    user: Any

    def load(self, pk: UUID) -> None:
        self.run = permissions.get_run(self.user, pk)


class PayoutRunBankFileView(RunMixin, BillingActionView):
    """The payout as a file for the bank. That somebody took it is kept."""

    def perform(self) -> bytes:
        return runs.make_bank_file(run=self.run, by=self.user, now=self.now)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.act(**kwargs)  # each time, because the file is the same each time

    def done(self) -> HttpResponse:
        name = f"sepa-{self.run.until.isoformat()}-{str(self.run.pk)[-6:]}.xml"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return HttpResponse(self.result, content_type="application/xml", headers=headers)

    def get_success_url(self) -> str:
        return reverse("billing:payout-run", args=[self.run.pk])


class PayoutRunPaymentView(RunMixin, BillingFormView):
    """The money has left: nothing of it changes any more, and everybody in it is told."""

    template_name = "billing/payout_run_payment.html"
    edits = False
    success_message = gettext_lazy("Noted as paid. Everybody in it is told.")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return redirect(self.get_success_url()) if self.run.is_paid else super().get(request, **kwargs)

    def get_form(self, *posted: Any) -> PaidForm:
        return PaidForm(*posted, initial={"paid_on": organization.today(self.now)})

    def perform(self, form: PaidForm) -> PayoutRun:
        return runs.note_paid(run=self.run, **form.cleaned_data, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "run": self.run}

    def get_success_url(self) -> str:
        return reverse("billing:payout-run", args=[self.run.pk])


class PayoutRunRemovalView(RunMixin, BillingActionView):
    """Throwing it away before it is paid."""

    success_message = gettext_lazy("The payout is gone. What was in it is owed as before.")

    def perform(self) -> None:
        runs.discard_run(run=self.run, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:payout-runs")


class PayoutRunFileView(BillingPageView):
    """The payout as a table for a spreadsheet, or for whoever does the accounts."""

    section = "wages"
    needs = Permission.MANAGE_WAGES

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        run = permissions.get_run(self.user, pk)
        payouts = permissions.payouts_visible_to(self.user).filter(run=run).annotate(count=Count("entries"))
        rows = [
            [
                typed(str(payout.practitioner)), str(payout.money.decimal), payout.currency, run.until.isoformat(),
                run.paid_on.isoformat() if run.paid_on else "", str(payout.count),
            ]
            for payout in payouts
        ]  # fmt: skip
        head = [_("Name"), _("Amount"), _("Currency"), _("Up to"), _("Paid on"), _("Entries")]
        return csv_answer(head, rows, name=f"payout-{run.until.isoformat()}-{run.currency}")


class PayoutView(BillingPageView):
    """One person's payout, entry by entry."""

    section = "wages"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payout = permissions.get_payout(self.user, pk)
        entries = payout.entries.select_related("payout__run").order_by("happened_at", "pk")
        page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "payout": payout,
            "row": wage_rows.payout_row(payout),
            "entries": wage_rows.entry_rows(page),
            "page": page,
            "manages_wages": permissions.can_manage_wages(self.user),
        }
        return self.page("billing/payout.html", context)


class PayoutDocumentView(BillingPageView):
    """The same as PDF, in the reader's language."""

    section = "wages"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payout = permissions.get_payout(self.user, pk)
        content = payout_file(payout, Formatter(get_language() or "en", self.user.time_zone))
        return pdf_answer(content, f"{payout.practitioner}-{payout.run.until.isoformat()}")
