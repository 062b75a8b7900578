"""What every act about a request has in common: its door, its lock and its page."""

from contextlib import AbstractContextManager
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.booking_requests.actions.locks import lock_request
from core.booking_requests.models import values_of
from core.booking_requests.permissions import get_request
from core.booking_requests.rules.booking_requests import Act, open_acts
from core.scheduling.actions.calendar_locks import calendar_transaction
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.booking_requests.rows import RequestRow, request_row
from portal.forms import FormView


class RequestFormView(FormView):
    """A form about a request that is open to this act; of any other it shows the request, which says what became of it."""

    edits = True
    template_name = "booking_requests/act.html"
    to: ClassVar[str]
    needed: ClassVar[Act]
    title: ClassVar[Any]
    submit: ClassVar[Any]
    lede: ClassVar[Any] = ""
    is_danger: ClassVar[bool] = False

    def load(self, pk: UUID) -> None:
        self.asked = get_request(self.user, pk, to=self.to)

    def get_edited(self) -> list[Any]:
        return [self.asked]

    def in_one_transaction(self) -> AbstractContextManager[Any]:
        return calendar_transaction()

    def hold_edited(self) -> None:
        """After the calendars, as every action does."""
        self.asked = lock_request(self.asked.pk, also=self.also_held())

    def also_held(self) -> set[UUID]:
        """Whose calendars besides."""
        return set()

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return values_of(self.asked)

    def has_choice(self) -> bool:
        """Whether there is anything to choose from, where something is to be chosen."""
        return True

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        if form.is_bound or self.needed in open_acts(self.asked.state, asks=True, answers=True):
            if self.has_choice():
                return super().render_form(form)
            messages.info(self.request, _("These times have passed already."))
        else:
            state = str(self.asked.get_state_display()).lower()
            messages.info(self.request, _("This request is: %(state)s.") % {"state": state})
        return self.lead_to(self.get_success_url())

    @property
    def zone(self) -> Any:
        return wall_time.zone(time_zones.zone_of(self.request))

    def row(self, standings: Any = ()) -> RequestRow:
        return request_row(self.asked, self.zone, is_staff=self.to == "answer", standings=standings)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "asked": self.asked,
            "row": self.row(),
            "title": self.title,
            "lede": self.lede,
            "submit": self.submit,
            "is_danger": self.is_danger,
            "back": self.get_success_url(),
            "zone": self.zone,
        }

    def get_success_url(self) -> str:
        return reverse("booking_requests:request", args=[self.asked.pk])
