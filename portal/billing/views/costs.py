"""What one appointment costs one client, set before it ends."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing import permissions
from billing.actions.charges import override_cost
from billing.queries import organization
from core.scheduling.models import Appointment
from core.scheduling.permissions import get_appointment
from portal.billing import presenters
from portal.billing.base import BillingView
from portal.billing.forms import CostForm


class AppointmentCostView(BillingView):
    """An amount that comes before every rate, with the reason; what was set so far is listed."""

    section = "charges"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        return self._form_page(appointment, self._form(appointment))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        form = self._form(appointment, request.POST)
        if form.is_valid() and self.attempt(form, lambda: self._set(appointment, form)):
            messages.success(request, _("Set. It is charged when this is completed, whatever the rates say."))
            return redirect("billing:cost", pk=pk)
        return self._form_page(appointment, form, status=422)

    def _form(self, appointment: Appointment, sent: object = None) -> CostForm:
        clients = [place.client for place in appointment.attending]
        return CostForm(sent, clients=clients, currency=organization.currency(), vocabulary=self.request.vocabulary)  # type: ignore[attr-defined]

    def _set(self, appointment: Appointment, form: CostForm) -> None:
        values = form.cleaned_data
        override_cost(
            appointment_id=appointment.pk, client=form.chosen(), price=values["price"], reason=values["reason"], by=self.user, now=self.now
        )  # fmt: skip

    def _form_page(self, appointment: Appointment, form: CostForm, status: int = 200) -> HttpResponse:
        found = permissions.cost_overrides_visible_to(self.user).filter(appointment_id=appointment.pk)
        rows = [{"override": one, "amount": presenters.shown(one.price)} for one in found]
        return self.page(
            "billing/cost_form.html", {"appointment": appointment, "form": form, "rows": rows}, status=status
        )
