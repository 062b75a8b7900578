"""What is over and says nothing yet of what became of it: a row each, completed by one press."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.people.queries import found_by
from core.scheduling.actions import complete_appointment
from core.scheduling.actions.calendar_locks import (
    calendar_transaction,
    load_appointment,
    lock_appointment,
    lock_appointments,
)
from core.scheduling.models import Appointment, Completion, CompletionType
from core.scheduling.permissions import COMPLETE, Viewpoint, get_appointment, schedules_run_by
from core.scheduling.queries import (
    completion_types_for_completing,
    in_appointment,
    to_be_completed,
    with_people,
)
from core.scheduling.rules import wall_time
from portal import time_zones, versions
from portal.access import SignedInView
from portal.forms import ActionView
from portal.person_choices import key_of
from portal.scheduling.amounts import visible_amounts
from portal.scheduling.appointment_rows import appointment_rows
from portal.scheduling.forms import press_label
from portal.scheduling.versions import press_version, version_of_press
from sessions_live.queries import not_come

PER_PAGE = 20
REFUSED = "not_completed"  # in the session: what was not completed, and why, until the list has said it


class ToCompleteView(SignedInView):
    """On the schedules that this person runs, the oldest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        view, zone = Viewpoint(self.user), wall_time.zone(time_zones.zone_of(request))
        if not view.schedules:
            raise PermissionDenied("You do not run a schedule.")
        query = request.GET.get("q", "").strip()[:80]
        now = clock.now()
        found = to_be_completed(now=now) | not_come(now=now)
        found = with_people(found.filter(practitioner__in=schedules_run_by(self.user)))
        if query:
            found = found_by(query, found, in_appointment)
        page = Paginator(found.order_by("starts_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
        rows = appointment_rows(page.object_list, view, zone)
        amounts, kinds = visible_amounts([row.appointment for row in rows], self.user), usual_types()
        refused = request.session.pop(REFUSED, {})
        context = {
            "page": page,
            "rows": [
                (
                    row,
                    [
                        (kind, press_label(kind, amount))
                        for kind in kinds
                        if row.is_over or kind.outcome == CompletionType.Outcome.MISSED
                    ],
                    version_of_press(row.appointment, amount, user=self.user),
                    refused.get(str(row.appointment.pk), ""),
                )
                for row in rows
                for amount in [amounts.get(row.appointment.pk)]
            ],
            "query": query,
            "zone": zone,
            "switch": time_zones.switch(request),
        }
        return time_zones.remember_choice(request, render(request, "scheduling/to_complete.html", context))


class QuickCompletionView(ActionView):
    """It ended so for everybody in it, as booked."""

    result: Completion

    def in_one_transaction(self) -> AbstractContextManager[Any]:
        return calendar_transaction()

    def load(self, pk: UUID) -> None:
        self.appointment = get_appointment(self.user, pk, to=COMPLETE)

    def perform(self) -> Completion:
        sent = self.request.POST
        kind, seen = sent.get("completion_type"), sent.get(versions.FIELD, "")
        return complete_as_shown(lock_appointment(self.appointment.pk), kind, seen, by=self.user)

    def get_success_message(self) -> str:
        return _("Completed. %(kind)s") % {"kind": self.result.completion_type}

    def get_success_url(self) -> str:
        return reverse("scheduling:to_complete")


class CompletionsView(ActionView):
    """Several at once, each with its own outcome. What is refused says in its row why; the others are completed all the same."""

    result: list[Completion]

    def in_one_transaction(self) -> AbstractContextManager[Any]:
        return calendar_transaction()

    def load(self) -> None:
        if not schedules_run_by(self.user).exists():
            raise PermissionDenied("You do not run a schedule.")
        keys = map(key_of, self.request.POST.getlist("row")[:PER_PAGE])
        self.chosen = {pk: get_appointment(self.user, pk, to=COMPLETE) for pk in keys if pk is not None}

    def perform(self) -> list[Completion]:
        if not self.chosen:
            raise DomainError("nothing_chosen", _("Tick at least one."))
        lock_appointments(self.chosen)
        sent, done, refused = self.request.POST, list[Completion](), dict[str, str]()
        for pk in self.chosen:
            kind, seen = sent.get(f"completion_type_{pk}"), sent.get(f"version_{pk}", "")
            try:
                with transaction.atomic():
                    done.append(complete_as_shown(load_appointment(pk), kind, seen, by=self.user))
            except DomainError as refusal:
                refused[str(pk)] = refusal.message
        self.request.session[REFUSED] = refused
        return done

    def get_success_message(self) -> str:
        number, refused = len(self.result), len(self.request.session.get(REFUSED, ()))
        said = ngettext("%(number)s completed.", "%(number)s completed.", number) % {"number": number}
        if not refused:
            return said
        why = ngettext("%(number)s was not: it says why.", "%(number)s were not: each says why.", refused)
        return f"{said} {why % {'number': refused}}"

    def get_success_url(self) -> str:
        return reverse("scheduling:to_complete")


def complete_as_shown(appointment: Appointment, kind: str | None, seen: str, *, by: Any) -> Completion:
    """Complete it for everybody in it, as the list has shown it. The caller holds it. DomainError when it is otherwise by now."""
    chosen = next((each for each in usual_types() if each.pk == key_of(kind)), None)
    if chosen is None:
        raise DomainError("unusable_type", _("Choose what became of it."))
    address = reverse("scheduling:quick_completion", args=[appointment.pk])
    version = versions.read(seen, address=address, user_id=str(by.pk))
    if version is not None and appointment.is_booked:  # what became of any other, the action says
        amount = visible_amounts([appointment], by).get(appointment.pk)
        if versions.changed_since(version, press_version(appointment, amount)):
            raise ConflictError(
                "changed_meanwhile",
                _("It was changed meanwhile, so nothing was done. Look at what stands there now, then press again."),
            )
    return complete_appointment(appointment, completion_type=chosen, by=by, now=clock.now())


def usual_types() -> list[CompletionType]:
    """What is offered by one press: the first way of each kind in which it can have ended, in the organization's order."""
    first: dict[str, Any] = {}
    for kind in completion_types_for_completing():
        first.setdefault(kind.outcome, kind)
    return list(first.values())
