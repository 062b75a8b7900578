"""Changing what an appointment is, as a whole or by parts."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.scheduling import notifications
from core.scheduling.actions import edit_appointment
from core.scheduling.actions.calendar_locks import lock_appointment
from core.scheduling.models import Appointment
from core.scheduling.permissions import CHANGE
from core.scheduling.queries import schedules_to_book_on
from core.scheduling.rules import group_size
from portal.person_choices import key_of
from portal.scheduling.appointment_forms import EditForm
from portal.scheduling.service_choices import service_choices
from portal.scheduling.views.appointment_actions import BookedAppointmentFormView


class EditView(BookedAppointmentFormView):
    """Who, what and where; the address may ask for one part of it (`?part=people`). Fields are compared one by one."""

    template_name = "scheduling/_edit.html"
    edits = True
    action_name = "edit"
    right = CHANGE
    result: notifications.Edited

    def hold_edited(self) -> None:
        chosen = [
            key_of(key) for name in ("practitioner", "clients", "resources") for key in self.request.POST.getlist(name)
        ]
        self.appointment = lock_appointment(self.appointment.pk, also=_known(chosen))

    def get_form(self, *posted: Any) -> EditForm:
        return EditForm(
            *posted,
            appointment=self.appointment,
            part=self.request.GET.get("part", ""),
            user=self.user,
            schedules=schedules_to_book_on(self.user),
            services=service_choices(),
            words=self.request.vocabulary,  # type: ignore[attr-defined]
        )

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        if form.is_bound or self.appointment.status != Appointment.Status.CANCELLED:
            return super(BookedAppointmentFormView, self).render_form(form)
        return super().render_form(form)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "action": self.request.get_full_path()}

    def perform(self, form: EditForm) -> notifications.Edited:
        facts = form.facts()
        done = edit_appointment(self.appointment, **facts, by=self.user, now=clock.now())
        if done.added and (remark := group_size.verdict(len(facts["clients"])).sentence):
            messages.warning(self.request, remark)
        self.told = facts["tell"]
        return done

    def get_success_message(self) -> str:
        if not self.result.changes:
            return _("Everything is as it was. Nothing was changed.")
        if not self.told:
            return _("Changed. Nobody was told.")
        appointment = self.appointment_now()
        told = notifications.told_of_edit(appointment, self.result, by=self.user, now=clock.now())
        return _("Changed. %(told)s") % {"told": told}

    def appointment_now(self) -> Appointment:
        """As it stands after the act."""
        found = Appointment.objects.select_related("practitioner__user").prefetch_related("participants__client")
        return found.get(pk=self.appointment.pk)


def _known(keys: Iterable[UUID | None]) -> set[UUID]:
    return {key for key in keys if key is not None}
