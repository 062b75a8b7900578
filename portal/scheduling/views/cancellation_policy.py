"""What late cancellations cost, and whether clients cancel themselves; with the list of completion types."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.roles import Permission
from core.scheduling.actions import adopt_policy, allow_client_cancellations
from core.scheduling.models import CompletionType, SchedulingSettings
from core.scheduling.queries import policy_in_force
from portal.access import SignedInView
from portal.scheduling.forms import PolicyForm
from portal.settings_pages import settings_tabs


class PolicyView(SignedInView):
    """The policy in force, the gate for clients, and the list of completion types."""

    needs = Permission.MANAGE_BILLING

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(PolicyForm(initial=_levels_now()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PolicyForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            adopt_policy(levels=form.levels(), by=self.user, now=clock.now())
        except DomainError as error:
            form.add_error(None, error.message)
            return self._page(form, status=422)
        messages.success(request, _("The policy holds for everything that is booked from now on."))
        return redirect("scheduling_settings:policy")

    def _page(self, form: PolicyForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "types": CompletionType.objects.all(),
            "policy": policy_in_force(),
            "settings": SchedulingSettings.current(),
            "tabs": settings_tabs(self.request),
        }
        return render(self.request, "scheduling/settings.html", context, status=status)


class ClientCancellationsView(SignedInView):
    """Whether clients may cancel at all; which of them is a permission of each."""

    needs = Permission.MANAGE_BILLING

    def post(self, request: HttpRequest) -> HttpResponse:
        allowed = request.POST.get("clients_may_cancel") == "on"
        allow_client_cancellations(allowed, by=self.user, now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("scheduling_settings:policy")


def _levels_now() -> dict[str, Any]:
    policy = policy_in_force()
    start: dict[str, Any] = {}
    for number, level in enumerate(policy.levels.all() if policy else [], start=1):
        start |= {f"hours_{number}": level.hours_before, f"type_{number}": level.completion_type_id}
    return start
