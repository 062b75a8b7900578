"""What ends when a colleague stops working here, or an agency does: said, and asked, before it is done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.people import actions, permissions, queries
from core.people.models import StaffMember
from core.people.permissions import CHANGE
from core.people.roles import Permission
from core.scheduling.permissions import can_hand_over
from core.scheduling.queries import booked_ahead_with
from core.scheduling.time_formats import format_time_span
from portal import time_zones
from portal.forms import ActionView

SHOWN = 20


class EndingView(ActionView):
    """A button that takes something away: without `confirmed` it leads to the page that says what."""

    template_name: str

    def asks_first(self) -> bool:
        """Whether this very act takes something away."""
        return True

    def get_context_data(self) -> dict[str, Any]:
        """What the question says."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return render(request, self.template_name, self.get_context_data())

    def act(self, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        if self.asks_first() and self.request.POST.get("confirmed") != "yes":
            return self.lead_to(self.request.path)
        return super().act(**kwargs)


class StaffStatusView(EndingView):
    """Active, or inactive: with what is booked ahead, and whom it leaves without them."""

    template_name = "people/staff_status.html"

    def load(self, pk: Any) -> None:
        self.staff = permissions.get_staff_member(self.user, pk, to=CHANGE)

    def asks_first(self) -> bool:
        return self.staff.is_active and self.request.POST.get("status") == StaffMember.Status.INACTIVE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return super().get(request, **kwargs) if self.staff.is_active else self.lead_to(self.get_success_url())

    def get_context_data(self) -> dict[str, Any]:
        zone, ahead = time_zones.zone_of(self.request), booked_ahead_with(self.staff, now=clock.now())
        rows = [
            {
                "appointment": each,
                "when": format_time_span(each.starts_at, each.ends_at, zone=zone, language=self.user.reads),
            }
            for each in ahead[:SHOWN]
        ]
        number, others = ahead.count(), queries.left_to_come_in_for(self.staff.user)
        shown = {"may_hand_over": can_hand_over(self.user, self.staff) and self.staff.assignments.exists()}
        return {
            **shown,
            "staff": self.staff,
            "rows": rows,
            "number": number,
            "more": number - len(rows),
            "others": others,
        }

    def perform(self) -> None:
        status = self.request.POST.get("status", "")
        actions.change_staff_status(staff=self.staff, status=status, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s: status changed.") % {"name": self.staff}

    def get_success_url(self) -> str:
        return reverse("people:staff_member", args=[self.staff.pk])


class DismissAgentView(EndingView):
    """The end of an agency: with how many it looks after."""

    needs = Permission.MANAGE_CLIENTS
    template_name = "people/agent_dismiss.html"

    def load(self, pk: Any) -> None:
        self.agent = permissions.get_agent(self.user, pk)

    def get_context_data(self) -> dict[str, Any]:
        number = queries.clients_of_agent(self.agent).count()
        return {"agent": self.agent, "login": self.agent.user, "number": number}

    def perform(self) -> None:
        actions.dismiss_agent(agent=self.agent, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s is no longer %(agent:a|an)s %(agent)s.") % {"name": self.agent.user}

    def get_success_url(self) -> str:
        return reverse("people:agents")
