"""Changing what an appointment is, as a whole or by parts."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.people.roles import Permission
from core.scheduling import notifications
from core.scheduling.actions import edit_appointment, edit_series
from core.scheduling.actions.series_scope import Scope
from core.scheduling.models import Appointment
from core.scheduling.permissions import CHANGE
from core.scheduling.queries import schedules_to_book_on
from core.scheduling.rules import group_size
from portal.person_choices import key_of
from portal.scheduling.appointment_forms import EditForm
from portal.scheduling.series_scope import add_scope, scope_of
from portal.scheduling.service_choices import service_choices
from portal.scheduling.versions import series_version
from portal.scheduling.views.appointment_actions import BookedAppointmentFormView


class EditView(BookedAppointmentFormView):
    """Who, what and where; the address may ask for one part of it (`?part=people`). Fields are compared one by one."""

    template_name = "scheduling/_edit.html"
    edits = True
    action_name = "edit"
    right = CHANGE
    result: notifications.Edited

    def also_held(self) -> set[UUID]:
        chosen = [
            key_of(key) for name in ("practitioner", "clients", "resources") for key in self.request.POST.getlist(name)
        ]
        return _known(chosen)

    def get_form(self, *posted: Any) -> EditForm:
        form = EditForm(
            *posted,
            appointment=self.appointment,
            part=self.request.GET.get("part", ""),
            user=self.user,
            schedules=schedules_to_book_on(self.user),
            services=service_choices(),
            words=self.request.vocabulary,  # type: ignore[attr-defined]
        )
        add_scope(form, self.appointment, asked=self.asked_scope, user=self.user)
        if "with_exceptions" in form.fields:
            form.fields["with_exceptions"].label = _("Also what was changed of single dates")
        return form

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        asked = {"scope", "with_exceptions"}
        values = {
            name: form.get_initial_for_field(field, name) for name, field in form.fields.items() if name not in asked
        }
        return values | series_version(self.appointment)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        sets_cost = self.appointment.is_booked and self.user.may(Permission.MANAGE_BILLING)
        return {**super().get_context_data(form), "sets_cost": sets_cost}

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        if form.is_bound or self.appointment.status != Appointment.Status.CANCELLED:
            return super(BookedAppointmentFormView, self).render_form(form)
        return super().render_form(form)

    def perform(self, form: EditForm) -> notifications.Edited:
        facts, scope = form.facts(), scope_of(form.cleaned_data)
        if scope != Scope.ONE:
            with_exceptions = form.cleaned_data.get("with_exceptions", False)
            done = edit_series(
                self.appointment, scope=scope, with_exceptions=with_exceptions, **facts, by=self.user, now=clock.now()
            )
        else:
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
