"""What can happen to an appointment: booked, moved, cancelled, completed. A method is door, form, action, answer."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.roles import PRACTITIONER, ClientPermission
from core.scheduling.actions import book_appointment, cancel_appointment, complete_appointment, move_appointment
from core.scheduling.models import Appointment, Participant
from core.scheduling.permissions import CANCEL, CHANGE, COMPLETE, Viewpoint, get_appointment
from core.scheduling.queries import consequence_of, schedules_to_book_on
from core.scheduling.rules import group_size, wall_time
from portal import zones
from portal.access import SignedInView
from portal.scheduling.forms import BookingForm, CancellationForm, CompletionForm, TimeForm
from portal.scheduling.schedule_filter import chosen_schedule
from portal.scheduling.service_choices import service_choices


class ActView(SignedInView):
    """A form that opens in a dialog over the calendar, or as a page of its own without scripts."""

    template = ""

    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        in_dialog = bool(self.request.htmx)  # type: ignore[attr-defined]
        frame = "scheduling/_dialog.html" if in_dialog else "scheduling/act.html"
        zone = wall_time.zone(zones.zone_of(self.request))
        framed = {"zone": zone, **context, "body": self.template, "in_dialog": in_dialog}
        return render(self.request, frame, framed, status=status)

    def done(self, url: str, sentence: str) -> HttpResponse:
        """Say what was done, and go to `url`."""
        messages.success(self.request, sentence)
        if self.request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return redirect(url)

    def already(self, appointment: Appointment) -> HttpResponse:
        """Nothing can be done with it any more: to its page, which says what became of it."""
        url = reverse("scheduling:appointment", args=[appointment.pk])
        state = str(appointment.get_status_display()).lower()
        messages.info(self.request, _("It is %(state)s already.") % {"state": state})
        if self.request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return redirect(url)


def _on_calendar(appointment: Appointment, zone: str) -> str:
    day = appointment.starts_at.astimezone(wall_time.zone(zone)).date()
    return f"{reverse('scheduling:calendar')}?date={day}"


def _next_hour(local: datetime) -> datetime:
    """The next full hour of a working day; tomorrow morning when it is late."""
    begins = local.replace(minute=0) + timedelta(hours=1)
    if begins.hour >= 18 or begins.date() != local.date():
        return (local + timedelta(days=1)).replace(hour=9, minute=0)
    return begins.replace(hour=max(begins.hour, 9))


class BookingView(ActView):
    """A new appointment."""

    template = "scheduling/_booking.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        facts = form.facts()
        try:
            appointment = book_appointment(**facts, by=self.user, now=clock.now())
        except DomainError as error:
            form.show(error)
            return self._show(form, status=422)
        for note in (form.moment.note, group_size.verdict(len(facts["clients"])).sentence):
            if note:
                messages.warning(request, note)
        return self.done(
            _on_calendar(appointment, facts["time_zone"]), _("Booked. Everybody concerned is told by mail.")
        )

    def _form(self, posted: Any = None) -> BookingForm:
        schedules = schedules_to_book_on(self.user)
        if not schedules:
            raise PermissionDenied("You do not run a schedule.")
        return BookingForm(
            posted, user=self.user, schedules=schedules, services=service_choices(),
            words=self.request.vocabulary, initial=self._start(schedules),  # type: ignore[attr-defined]
        )  # fmt: skip

    def _start(self, schedules: list[Any]) -> dict[str, Any]:
        """What is filled in: the slot that was clicked, else the next full hour."""
        zone = zones.zone_of(self.request)
        asked = self.request.GET
        begins = _next_hour(clock.now().astimezone(wall_time.zone(zone)))
        with suppress(KeyError, ValueError):  # because anything may stand in an address
            begins = datetime.fromisoformat(f"{asked['date']}T{asked.get('time', '09:00')}")
        schedule = chosen_schedule(self.request, schedules) or (schedules[0] if len(schedules) == 1 else None)
        if schedule is None and self.user.staff is not None and self.user.staff.role == PRACTITIONER.code:
            schedule = self.user.staff
        minutes = asked.get("minutes", "")[:4]
        return {
            "date": begins.date(), "time": begins.time(), "time_zone": zone, "practitioner": schedule and schedule.pk,
            "minutes": int(minutes) if minutes.isdecimal() else None, "clients": asked.getlist("client"),
        }  # fmt: skip

    def _show(self, form: BookingForm, status: int = 200) -> HttpResponse:
        lengths = {key: service.minutes for key, service in form.services.items()}
        context = {
            "form": form,
            "act": "book",
            "lengths": lengths,
            "action": reverse("scheduling:new"),
            "back": reverse("scheduling:calendar"),
        }
        return self.page(context, status)


class TimeView(ActView):
    """Another time for an appointment; also where the calendar sends what was dragged."""

    template = "scheduling/_time.html"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk, to=CHANGE)
        if not appointment.is_booked:
            return self.already(appointment)
        zone = zones.zone_of(request)
        local = appointment.starts_at.astimezone(wall_time.zone(zone))
        start = {"date": local.date(), "time": local.time(), "minutes": appointment.minutes, "time_zone": zone}
        return self._show(appointment, TimeForm(initial=start))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk, to=CHANGE)
        form = TimeForm(request.POST)
        dragged = request.headers.get("Accept") == "application/json"
        if not form.is_valid():
            return (
                JsonResponse({"message": _("That is not a time.")}, status=422)
                if dragged
                else self._show(appointment, form, status=422)
            )
        starts_at, zone = form.moment.instant, form.cleaned_data["time_zone"]
        try:
            moved = move_appointment(
                appointment,
                starts_at=starts_at,
                ends_at=starts_at + form.length,
                time_zone=zone,
                by=self.user,
                now=clock.now(),
            )
        except DomainError as error:
            form.show(error)
            return (
                JsonResponse({"message": error.message}, status=409)
                if dragged
                else self._show(appointment, form, status=422)
            )
        if dragged:
            return JsonResponse({"message": form.moment.note or _("Moved. Everybody concerned is told by mail.")})
        if form.moment.note:
            messages.warning(request, form.moment.note)
        return self.done(
            reverse("scheduling:appointment", args=[moved.pk]), _("Moved. Everybody concerned is told by mail.")
        )

    def _show(self, appointment: Appointment, form: TimeForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "act": "move",
            "appointment": appointment,
            "back": reverse("scheduling:appointment", args=[appointment.pk]),
        }
        return self.page({**context, "action": reverse("scheduling:time", args=[appointment.pk])}, status)


class CancellationView(ActView):
    """What cancelling means, and then the act."""

    template = "scheduling/_cancellation.html"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk, to=CANCEL)
        if not appointment.is_booked:
            return self.already(appointment)
        return self._show(appointment, self._form(appointment))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk, to=CANCEL)
        form = self._form(appointment, request.POST)
        if not form.is_valid():
            return self._show(appointment, form, status=422)
        try:
            cancel_appointment(appointment, **form.cleaned_data, by=self.user, now=clock.now())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self._show(appointment, form, status=422)
        return self.done(
            reverse("scheduling:appointment", args=[appointment.pk]),
            _("Cancelled. Everybody concerned is told by mail."),
        )

    def _form(self, appointment: Appointment, posted: Any = None) -> CancellationForm:
        view = Viewpoint(self.user)
        runs = view.runs(appointment)
        participants = appointment.attending if runs else view.cancellable_participants(appointment)
        offered = Participant.objects.filter(pk__in=[participant.pk for participant in participants]).select_related(
            "client"
        )
        charges = consequence_of(appointment, now=clock.now()).level is not None
        return CancellationForm(posted, participants=offered, runs=runs, charges=charges, words=self.request.vocabulary)  # type: ignore[attr-defined]

    def _show(self, appointment: Appointment, form: CancellationForm, status: int = 200) -> HttpResponse:
        view = Viewpoint(self.user)
        own = view.own_participants(appointment)
        hidden = not view.runs(appointment) and any(
            participant.client.allows(ClientPermission.HIDE_COSTS) for participant in own
        )
        context = {
            "form": form, "act": "cancel", "appointment": appointment, "consequence": consequence_of(appointment, now=clock.now()),
            "runs": view.runs(appointment), "hides_costs": hidden,
            "back": reverse("scheduling:appointment", args=[appointment.pk]),
            "action": reverse("scheduling:cancellation", args=[appointment.pk]),
        }  # fmt: skip
        return self.page(context, status)


class CompletionView(ActView):
    """What became of an appointment."""

    template = "scheduling/_completion.html"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk, to=COMPLETE)
        if not appointment.is_booked:
            return self.already(appointment)
        return self._show(appointment, CompletionForm(appointment=appointment))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk, to=COMPLETE)
        form = CompletionForm(request.POST, appointment=appointment)
        if not form.is_valid():
            return self._show(appointment, form, status=422)
        values = form.cleaned_data
        try:
            complete_appointment(
                appointment,
                completion_type=values["completion_type"],
                charged_minutes=values["charged_minutes"],
                per_client=form.per_client(),
                note=values["note"],
                by=self.user,
                now=clock.now(),
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self._show(appointment, form, status=422)
        return self.done(reverse("scheduling:appointment", args=[appointment.pk]), _("Completed."))

    def _show(self, appointment: Appointment, form: CompletionForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "act": "complete",
            "appointment": appointment,
            "back": reverse("scheduling:appointment", args=[appointment.pk]),
        }
        return self.page({**context, "action": reverse("scheduling:completion", args=[appointment.pk])}, status)
