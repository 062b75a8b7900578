"""What one appointment costs one client, set before it ends."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing import permissions
from billing.actions.charges import override_cost
from billing.models import CostOverride
from billing.queries import organization
from core.scheduling.permissions import get_appointment
from portal.billing import presenters
from portal.billing.base import BillingFormView
from portal.billing.forms import CostForm


class AppointmentCostView(BillingFormView):
    """An amount that comes before every rate, with the reason; what was set so far is listed."""

    section = "charges"
    template_name = "billing/cost_form.html"
    edits = True
    success_message = _("Set. It is charged when this is completed, whatever the rates say.")

    def load(self, pk: UUID) -> None:
        self.appointment = get_appointment(self.user, pk)

    def is_one_per_content(self) -> bool:
        return True

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"what was set so far": [(one.client_id, one.price, one.reason) for one in self._overrides()]}

    def get_form(self, *posted: Any) -> CostForm:
        clients = [participant.client for participant in self.appointment.attending]
        words = self.request.vocabulary  # type: ignore[attr-defined]
        return CostForm(*posted, clients=clients, currency=organization.currency(), vocabulary=words)

    def perform(self, form: CostForm) -> CostOverride:
        values = form.cleaned_data
        return override_cost(
            appointment_id=self.appointment.pk,
            client=form.chosen(),
            price=values["price"],
            reason=values["reason"],
            by=self.user,
            now=self.now,
        )

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        rows = [{"override": one, "amount": presenters.shown(one.price)} for one in self._overrides()]
        return {**super().get_context_data(form), "appointment": self.appointment, "rows": rows}

    def get_success_url(self) -> str:
        return reverse("billing:cost", args=[self.appointment.pk])

    def _overrides(self) -> "QuerySet[CostOverride]":
        return permissions.cost_overrides_visible_to(self.user).filter(appointment_id=self.appointment.pk)
