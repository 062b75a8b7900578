"""What practitioners earn: everybody's for whoever manages wages, one's own for everybody else."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.documents import Formatter
from billing.models import Service
from billing.queries import organization
from billing.wages import permissions, queries
from billing.wages.actions import entries, rates
from billing.wages.documents import month_file
from billing.wages.models import BankAccount, WageEntry, WageRate
from core.kernel.errors import NotFound
from core.kernel.models import AuditEvent
from core.people.models import StaffMember
from core.people.queries import found_by, in_staff
from core.people.roles import Permission
from portal.billing import wage_rows
from portal.billing.base import BillingActionView, BillingFormView, BillingPageView
from portal.billing.files import pdf_answer
from portal.billing.wage_forms import WageEntryForm, WageRateForm

PER_PAGE = 50
PAYOUTS_PER_PAGE = 12
FIRST_MONTH = date(2000, 1, 1)


class WagesView(BillingPageView):
    """Everybody with what is owed to them; whoever sees their own wages only is led there."""

    section = "wages"

    def get(self, request: HttpRequest) -> HttpResponse:
        visible = permissions.payees_visible_to(self.user)
        if not permissions.can_manage_wages(self.user):
            own = visible.first()
            if own is None:
                raise NotFound("wages")
            return redirect("billing:wages-of", own.pk)
        typed = request.GET.get("q", "").strip()[:80]
        found = found_by(typed, visible, in_staff).order_by("user__sort_key", "pk")
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        return self.page(
            "billing/wage_list.html",
            {
                "rows": wage_rows.payee_rows(list(page)),
                "page": page,
                "query": typed,
                "pages": wage_rows.pages("people"),
            },
        )


class WagesOfView(BillingPageView):
    """One person's wages: what is owed, a month entry by entry, rates, payouts."""

    section = "wages"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payee = permissions.get_payee(self.user, pk)
        today = organization.today(self.now)
        first = month_in(request, today)
        after = wage_rows.next_month(first)
        found = list(queries.month_of(payee, first, after))
        payouts = permissions.payouts_visible_to(self.user).filter(practitioner=payee).order_by("-run__until", "-pk")
        page = Paginator(payouts, PAYOUTS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "payee": payee,
            "is_own": payee.user_id == self.user.pk,
            "manages_wages": permissions.can_manage_wages(self.user),
            "month": wage_rows.month_words(first),
            "entries": wage_rows.entry_rows(found),
            "sums": wage_rows.sums(found),
            "owed": wage_rows.owed(payee),
            "rates": wage_rows.rate_rows(payee),
            "account": BankAccount.objects.filter(practitioner=payee).first(),
            "payouts": [wage_rows.payout_row(payout) for payout in page],
            "page": page,
            "previous_url": f"?month={(first - timedelta(days=1)):%Y-%m}" if first > FIRST_MONTH else "",
            "next_url": f"?month={after:%Y-%m}" if after <= today else "",
            "statement_url": f"{reverse('billing:wage-statement', args=[payee.pk])}?month={first:%Y-%m}",
        }
        return self.page("billing/wages_of.html", context)


class WageStatementView(BillingPageView):
    """A month as PDF, in the reader's language."""

    section = "wages"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payee = permissions.get_payee(self.user, pk)
        first = month_in(request, organization.today(self.now))
        found = list(queries.month_of(payee, first, wage_rows.next_month(first)).order_by("happened_at", "pk"))
        formatter = Formatter(get_language() or "en", self.user.time_zone)
        content = month_file(payee, first, found, formatter, now=self.now)
        return pdf_answer(content, f"{payee}-{first:%Y-%m}")


class PayeeMixin:
    """Whose wages a form is about, for whoever manages wages."""

    section = "wages"
    needs = Permission.MANAGE_WAGES
    user: Any
    payee: StaffMember

    def load(self, pk: UUID) -> None:
        self.payee = permissions.get_payee_to_manage(self.user, pk)

    def get_success_url(self) -> str:
        return reverse("billing:wages-of", args=[self.payee.pk])


class NewWageRateView(PayeeMixin, BillingFormView):
    """A rate for a service, or for everything else; a second one for the same replaces the first."""

    template_name = "billing/wage_rate_form.html"
    edits = True
    success_message = _("The rate holds from now on. What was earned before keeps its amount.")

    def is_one_per_content(self) -> bool:
        return True

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {}  # because for which service it is, the form says only when it comes back

    def get_initial(self) -> dict[str, Any]:
        wanted = self.request.GET.get("service", "")
        rate = self._rates().filter(service=None if wanted == "" else wage_rows.uuid_in(wanted)).first()
        if rate is None:
            return {"service": wanted, "basis": WageRate.Counts.APPOINTMENT}
        is_same_currency = rate.currency == organization.currency()
        return {
            "service": rate.service_id,
            "basis": rate.basis,
            "amount": rate.terms.amount if is_same_currency else None,
            "share": rate.share,
        }

    def get_form(self, *posted: Any) -> WageRateForm:
        return WageRateForm(
            *posted,
            initial=self.get_initial(),
            services=Service.objects.filter(is_active=True),
            currency=organization.currency(),
            vocabulary=self.request.vocabulary,  # type: ignore[attr-defined]
        )

    def perform(self, form: WageRateForm) -> WageRate:
        service = form.cleaned_data["service"]
        kept = self._rates().select_for_update().filter(service=service)
        self.refuse_if_changed(kept, "basis", form)
        return rates.set_rate(practitioner=self.payee, service=service, terms=form.terms(), by=self.user, now=self.now)

    def sentence_of_conflict(self, name: str, form: BaseForm, now: Any, event: AuditEvent | None = None) -> str:
        """With the whole rate, because its parts say nothing by themselves."""
        rate = self._rates().get(service=form.cleaned_data["service"])
        return super().sentence_of_conflict(name, form, wage_rows.rate_words(rate), event)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "payee": self.payee}

    def _rates(self) -> "QuerySet[WageRate]":
        return WageRate.objects.filter(practitioner=self.payee)


class WageRateView(BillingActionView):
    """Taking a rate away."""

    section = "wages"
    needs = Permission.MANAGE_WAGES
    success_message = _("The rate is gone. What was earned before keeps its amount.")

    def load(self, pk: UUID) -> None:
        self.rate = permissions.get_rate(self.user, pk)

    def perform(self) -> None:
        rates.remove_rate(rate=self.rate, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:wages-of", args=[self.rate.practitioner_id])


class NewWageEntryView(PayeeMixin, BillingFormView):
    """A bonus, expenses, or a deduction."""

    template_name = "billing/wage_entry_form.html"
    edits = False
    success_message = _("Entered. It is in the next payout.")

    def get_form(self, *posted: Any) -> WageEntryForm:
        today = organization.today(self.now)
        initial = {"kind": WageEntry.Kind.BONUS, "day": today}
        return WageEntryForm(*posted, initial=initial, currency=organization.currency(), today=today)

    def perform(self, form: WageEntryForm) -> WageEntry:
        return entries.enter_by_hand(practitioner=self.payee, **form.cleaned_data, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "payee": self.payee}


def month_in(request: HttpRequest, today: date) -> date:
    """The first day of the month in the address (`?month=2026-11`); of this one where it names none, or one that is still to come."""
    try:
        year, month = request.GET.get("month", "").split("-")
        found = date(int(year), int(month), 1)
    except (ValueError, OverflowError):
        return today.replace(day=1)
    return found if FIRST_MONTH <= found <= today else today.replace(day=1)
