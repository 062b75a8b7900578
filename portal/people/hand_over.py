"""A colleague's work, handed over to another one: chosen, looked at, then done; and taken back for some days."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people import permissions
from core.people.models import Client
from core.resources.models import Resource
from core.scheduling import actions
from core.scheduling.actions.hand_over_preview import Planned, Preview
from core.scheduling.actions.hand_overs import look
from core.scheduling.models import HandOver
from core.scheduling.permissions import can_hand_over, get_hand_over
from core.scheduling.time_formats import format_time_span
from portal import time_zones
from portal.forms import ActionView, FormView, add_refusal
from portal.people.rights_forms import HandOverForm

MOST_SHOWN = 100
PER_PAGE = 20


class HandOverView(FormView):
    """Who takes over, whom, and what; the page says what that means; the same sent again is carried out."""

    template_name = "people/hand_over.html"
    edits = False
    plan: Preview | None = None
    result: HandOver

    def load(self, pk: Any) -> None:
        self.staff = permissions.get_staff_member(self.user, pk)
        if not can_hand_over(self.user, self.staff):
            raise PermissionDenied("You do not have permission to hand this person's work over.")

    def is_one_per_content(self) -> bool:
        """Not: somebody may take over, give back, and take over again."""
        return False

    def get_form(self, *posted: Any) -> HandOverForm:
        return HandOverForm(*posted, user=self.user, former=self.staff, initial={"everybody": True, "tell": True})

    def act(self, **kwargs: Any) -> HttpResponse:
        """The first time only look; what has been seen is carried out."""
        self.load(**kwargs)
        form = self.get_form(self.request.POST, self.request.FILES)
        if form.is_valid() and not self.request.POST.get("seen"):
            self._look(form)
            return self.render_form(form)
        if form.is_valid():
            self._look(form)
            if form.errors or self.request.POST["seen"] != self._mark:
                return self.render_form(form)
        return super().act(**kwargs)

    @property
    def _mark(self) -> str:
        return self.plan.mark if self.plan else ""

    def _look(self, form: HandOverForm) -> None:
        values = form.cleaned_data
        try:
            self.plan = look(self.staff, values["successor"], self._clients(form), by=self.user, now=clock.now())
        except DomainError as refusal:
            add_refusal(form, refusal)

    def _clients(self, form: HandOverForm) -> Sequence[Client]:
        theirs = Client.objects.filter(assignments__practitioner=self.staff, archived_at=None)
        return list(theirs) if form.cleaned_data["everybody"] else list(form.cleaned_data["clients"])

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        resources = Resource.objects.filter(owner=self.staff).count()
        before = HandOver.objects.filter(former=self.staff).select_related("successor__user")[:PER_PAGE]
        now = clock.now()
        return {
            **super().get_context_data(form),
            "staff": self.staff,
            "resources": resources,
            "plan": self._shown(form) if self.plan else None,
            "seen": self._mark,
            "before": [{"made": each, "can_undo": each.can_be_undone_at(now)} for each in before],
        }

    def _shown(self, form: forms.BaseForm) -> dict[str, Any]:
        assert self.plan is not None
        return {
            "successor": self.plan.successor,
            "clients": [client.name for client in self.plan.clients],
            "moving": [self._row(each) for each in self.plan.moving[:MOST_SHOWN]],
            "staying": [self._row(each) for each in self.plan.staying[:MOST_SHOWN]],
            "more": max(0, len(self.plan.moving) - MOST_SHOWN),
            "number": len(self.plan.moving),
            "series": self.plan.series,
            "with_resources": form["resources"].value() and Resource.objects.filter(owner=self.staff).count(),
            "tells": bool(form["tell"].value()),
            "keeps": bool(form["keeps"].value()),
            "kept": [client.name for client in self.plan.clients if client.pk in self.plan.kept_by_former],
        }

    def _row(self, planned: Planned) -> dict[str, Any]:
        row, zone = planned.appointment, time_zones.zone_of(self.request)
        return {
            "appointment": row,
            "when": format_time_span(row.starts_at, row.ends_at, zone=zone, language=self.user.reads),
            "people": ", ".join(place.client.name for place in row.attending),
            "why": planned.why,
            "fate": planned.fate.name,
        }

    def perform(self, form: HandOverForm) -> HandOver:
        values = form.cleaned_data
        return actions.hand_over(
            former=self.staff, successor=values["successor"], clients=self._clients(form), reason=values["reason"],
            seen=self.request.POST.get("seen", ""), keeps_former=values["keeps"], with_resources=values["resources"], tell=values["tell"],
            by=self.user, now=clock.now(),
        )  # fmt: skip

    def get_success_message(self) -> str:
        number = len(self.result.moved["appointments"])
        said = ngettext(
            "Handed over to %(name)s. %(number)d booking has moved.",
            "Handed over to %(name)s. %(number)d bookings have moved.",
            number,
        )
        return said % {"name": self.result.successor, "number": number}

    def get_success_url(self) -> str:
        return reverse("people:hand_over", args=[self.staff.pk])


class UndoHandOverView(ActionView):
    """Take a hand-over back, as far as nothing has changed since."""

    success_message = gettext_lazy("Taken back. What was changed since has stayed as it is.")

    def load(self, pk: Any) -> None:
        self.made = get_hand_over(self.user, pk)

    def perform(self) -> HandOver:
        return actions.undo_hand_over(made=self.made, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:hand_over", args=[self.made.former_id])
