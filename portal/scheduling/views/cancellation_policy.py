"""What late cancellations cost, and whether clients cancel themselves; with the list of completion types."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.roles import Permission
from core.scheduling.actions import adopt_policy, allow_client_cancellations, set_no_show_clock
from core.scheduling.models import CompletionType, SchedulingSettings
from core.scheduling.queries import policy_in_force
from core.scheduling.rules import completion
from portal.forms import ActionView
from portal.scheduling.forms import NoShowForm, PolicyForm
from portal.settings_pages import SettingsFormView


class PolicyView(SettingsFormView):
    """The policy in force, the gate for clients, and the list of completion types."""

    needs = Permission.MANAGE_BILLING
    template_name = "scheduling/cancellation_policy.html"
    edits = True
    form_class = PolicyForm
    success_message = gettext_lazy("The policy holds for everything that is booked from now on.")

    def get_edited(self) -> list[Any]:
        policy = policy_in_force()
        return [SchedulingSettings.current(), *([policy] if policy else [])]

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return {"levels": list(self.get_initial().items())}  # as a whole, because a level is nothing without the others

    def get_initial(self) -> dict[str, Any]:
        policy = policy_in_force()
        initial: dict[str, Any] = {}
        for number, level in enumerate(policy.levels.all() if policy else [], start=1):
            initial |= {f"hours_{number}": level.hours_before, f"type_{number}": level.completion_type_id}
        return initial

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "types": CompletionType.objects.all(),
            "policy": policy_in_force(),
            "settings": SchedulingSettings.current(),
            "most_minutes": completion.MOST_MINUTES,
        }

    def perform(self, form: PolicyForm) -> None:
        adopt_policy(levels=form.levels(), by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:policy")


class ClientCancellationsView(ActionView):
    """Whether clients may cancel at all; which of them is a permission of each."""

    needs = Permission.MANAGE_BILLING
    success_message = gettext_lazy("Saved.")

    def perform(self) -> None:
        allowed = self.request.POST.get("clients_may_cancel") == "on"
        allow_client_cancellations(allowed, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:policy")


class NoShowView(ActionView):
    """How many minutes after the start it is offered that somebody did not come."""

    needs = Permission.MANAGE_BILLING
    success_message = gettext_lazy("Saved.")

    def perform(self) -> None:
        form = NoShowForm(self.request.POST)
        if not form.is_valid():
            raise DomainError("bad_minutes", next(iter(form.errors.values()))[0], field="minutes")
        set_no_show_clock(form.cleaned_data["minutes"], by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:policy")
