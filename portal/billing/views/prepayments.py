"""What is paid in advance: by which rule, what was asked and what became of it; and asking for it by hand."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing import permissions
from billing.models import Service
from billing.prepayments import permissions as prepayment_permissions
from billing.prepayments import queries
from billing.prepayments.actions import asking, settings
from billing.prepayments.models import Prepayment, PrepaymentException, ServicePrepayment
from billing.prepayments.rules.prepaying import held_until
from billing.queries import organization
from core.kernel.errors import NotFound
from core.people.models import Client
from core.scheduling.permissions import get_appointment
from portal.billing import prepayment_rows, presenters
from portal.billing.base import BillingActionView, BillingFormView, BillingPageView, BillingView
from portal.billing.prepayment_forms import AskForm, ExceptionForm, PrepaymentSettingsForm, ServiceRuleForm

PER_PAGE = 25


class PrepaymentsView(BillingView):
    """All of them, the latest first; or those that are held, or that await payment."""

    section = "payments"

    def get(self, request: HttpRequest) -> HttpResponse:
        found, state = prepayment_permissions.prepayments_visible_to(self.user), request.GET.get("state", "")
        if state in Prepayment.State.values:
            found = found.filter(state=state)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "rows": prepayment_rows.prepayment_rows(page.object_list), "filters": _filters(state)}
        return self.page("billing/prepayment_list.html", context)


def _filters(state: str) -> list[dict[str, Any]]:
    address = reverse("billing:prepayments")
    shown = (
        ("", _("All")),
        (Prepayment.State.ASKED, Prepayment.State.ASKED.label),
        (Prepayment.State.HELD, Prepayment.State.HELD.label),
    )
    return [
        {"label": label, "href": f"{address}?state={value}" if value else address, "current": value == state}
        for value, label in shown
    ]  # fmt: skip


class PrepaymentView(BillingPageView):
    """One of them, for whoever bills and whoever sees what it costs."""

    section = "payments"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        prepayment = prepayment_permissions.prepayments_visible_to(self.user).filter(pk=pk).first()
        if prepayment is None:
            raise NotFound
        may_pay = prepayment_permissions.can_be_paid_by(self.user, prepayment) and prepayment.is_payable(self.now)
        context = {
            "row": prepayment_rows.prepayment_row(prepayment),
            "pay_url": reverse("billing:prepay-link", args=[queries.token_of(prepayment)]) if may_pay else "",
        }
        return self.page("billing/prepayment.html", context)


class PrepaymentDeliveryView(BillingActionView):
    """Mail the link once more."""

    section = "payments"
    success_message = _("The link is on its way again.")

    def load(self, pk: UUID) -> None:
        self.prepayment = prepayment_permissions.get_prepayment_to_manage(self.user, pk)

    def perform(self) -> None:
        asking.send_again(prepayment=self.prepayment, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:prepayment", args=[self.prepayment.pk])


class PrepaymentRemovalView(BillingActionView):
    """Do not ask for it any more."""

    section = "payments"
    success_message = _("It is not asked for any more, and the time stays booked.")

    def load(self, pk: UUID) -> None:
        self.prepayment = prepayment_permissions.get_prepayment_to_manage(self.user, pk)

    def perform(self) -> None:
        asking.withdraw(prepayment=self.prepayment, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:prepayment", args=[self.prepayment.pk])


class PrepaymentAskView(BillingFormView):
    """Ask for it by hand, for one client's place."""

    section = "payments"
    template_name = "billing/prepayment_ask.html"
    edits = False
    success_message = _("Asked for by mail. The time is held until then.")
    result: Prepayment

    def load(self, pk: UUID, client: UUID) -> None:
        self.appointment = get_appointment(self.user, pk)
        place = next((each for each in self.appointment.attending if each.client_id == client), None)
        if place is None:
            raise NotFound
        self.client = place.client

    def get_form(self, *posted: Any) -> AskForm:
        price, _rate = queries.price_left(self.appointment, self.client)
        by_rule = queries.asked_by_rule(self.appointment, self.client)
        hours = queries.prepayment_settings().hold_hours
        initial = {"amount": by_rule.amount if by_rule else price, "hours": hours}
        currency = price.currency if price else organization.currency()
        return AskForm(*posted, initial=initial, currency=currency)

    def perform(self, form: AskForm) -> Prepayment:
        due_at = held_until(self.now, timedelta(hours=form.cleaned_data["hours"]), self.appointment.starts_at)
        return asking.ask_for_prepayment(
            appointment=self.appointment,
            client=self.client,
            amount=form.cleaned_data["amount"],
            due_at=due_at,
            by=self.user,
            now=self.now,
        )

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        price, _rate = queries.price_left(self.appointment, self.client)
        facts = {
            "client": self.client,
            "appointment": self.appointment,
            "price": presenters.shown(price) if price else "",
            "adds_tax": not organization.billing_settings().prices_include_tax,
            "open": queries.open_prepayment(self.appointment.pk, self.client),
            "has_payer": queries.has_payer(self.client),
            "can_be_asked": queries.can_be_asked(),
        }
        return {**super().get_context_data(form), **facts}

    def get_success_url(self) -> str:
        return reverse("billing:prepayment", args=[self.result.pk])


class PrepaymentExceptionView(BillingFormView):
    """Whether one client is asked never, or always."""

    section = "settings"
    template_name = "billing/prepayment_exception.html"
    edits = True
    success_message = _("Saved.")

    def load(self, pk: UUID) -> None:
        self.client: Client = permissions.get_billed_client(self.user, pk)

    def get_edited(self) -> list[Any]:
        found = self._found()
        return [found] if found else []

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        found = self._found()
        return {"what holds for them": found.rule if found else ""}

    def _found(self) -> PrepaymentException | None:
        return PrepaymentException.objects.filter(client=self.client).first()

    def get_form(self, *posted: Any) -> ExceptionForm:
        found = self._found()
        return ExceptionForm(*posted, initial={"rule": found.rule if found else ""})

    def perform(self, form: ExceptionForm) -> None:
        settings.set_exception(client=self.client, rule=form.cleaned_data["rule"], by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        rule = prepayment_rows.rule_in_words(queries.prepayment_settings())
        return {**super().get_context_data(form), "client": self.client, "rule": rule}

    def get_success_url(self) -> str:
        return reverse("people:client", args=[self.client.pk])


class PrepaymentSettingsView(BillingFormView):
    """The rule for everything, and the services that have one of their own."""

    section = "settings"
    template_name = "billing/prepayment_settings.html"
    edits = True
    success_message = _("Saved. What was asked for before stays as it is.")

    def get_edited(self) -> list[Any]:
        return [queries.prepayment_settings()]

    def get_form(self, *posted: Any) -> PrepaymentSettingsForm:
        return PrepaymentSettingsForm(*posted, row=queries.prepayment_settings(), currency=organization.currency())

    def perform(self, form: PrepaymentSettingsForm) -> None:
        terms = form.terms()
        assert terms is not None
        settings.save_settings(terms=terms, waiting=form.waiting(), by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        services = permissions.services_managed_by(self.user).filter(is_active=True)
        facts = {"services": prepayment_rows.service_rows(services), "can_be_asked": queries.can_be_asked()}
        return {**super().get_context_data(form), **facts}

    def get_success_url(self) -> str:
        return reverse("billing:prepayment-settings")


class PrepaymentServiceView(BillingFormView):
    """The rule of one service."""

    section = "settings"
    template_name = "billing/prepayment_service.html"
    edits = True
    success_message = _("Saved. What was asked for before stays as it is.")

    def load(self, pk: UUID) -> None:
        self.service: Service = permissions.get_service(self.user, pk)
        self.row = ServicePrepayment.objects.filter(service=self.service).first()

    def get_edited(self) -> list[Any]:
        return [self.row] if self.row else []

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"its rule": prepayment_rows.rule_in_words(self.row)}

    def get_form(self, *posted: Any) -> ServiceRuleForm:
        return ServiceRuleForm(*posted, row=self.row, currency=self.service.currency)

    def perform(self, form: ServiceRuleForm) -> None:
        settings.save_service_rule(service=self.service, terms=form.terms(), by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        facts = {"service": self.service, "price": presenters.shown(self.service.price)}
        return {**super().get_context_data(form), **facts}

    def get_success_url(self) -> str:
        return reverse("billing:prepayment-settings")
