"""How long before people are reminded: the organization's settings, a service's, and everybody's own."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Service
from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.permissions import clients_acted_for
from core.people.roles import Permission
from core.scheduling.actions import set_own_reminders, set_reminders, set_service_reminders
from core.scheduling.models import ReminderPreference, SchedulingSettings, ServiceReminders
from core.scheduling.permissions import schedules_run_by
from core.scheduling.reminder_queries import (
    ReminderWords,
    appointments_to_plan,
    preferences_of,
    service_words,
)
from core.scheduling.time_formats import clock_label, leads_label
from portal.forms import FormView
from portal.scheduling.reminder_forms import (
    AS_SAID,
    OWN,
    OwnRemindersForm,
    RemindersForm,
    ServiceRemindersForm,
)
from portal.settings_pages import SettingsFormView


def planned_anew(scope: dict[str, Any]) -> str:
    """What happens with what is booked already."""
    number = appointments_to_plan(scope, now=clock.now()).count()
    if not number:
        return _("Saved.")
    return _("Saved. What is booked already (%(number)s) is planned anew in the background, in a minute or so.") % {
        "number": number
    }


class RemindersView(SettingsFormView):
    """The organization's word, and which services say something else."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    template_name = "scheduling/reminders.html"
    edits = True
    form_class = RemindersForm

    def get_edited(self) -> list[Any]:
        return [SchedulingSettings.current()]

    def get_initial(self) -> dict[str, Any]:
        settings = SchedulingSettings.current()
        return {
            "minutes": settings.reminder_minutes,
            "schedule_minutes": settings.schedule_reminder_minutes,
            "quiet_begins": settings.quiet_begins,
            "quiet_ends": settings.quiet_ends,
        }

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        words = service_words()
        services = [
            (service, leads_label(words[service.pk]) if service.pk in words else "")
            for service in Service.objects.filter(is_active=True)
        ]
        return {**super().get_context_data(form), "services": services}

    def perform(self, form: RemindersForm) -> SchedulingSettings:
        return set_reminders(**form.cleaned_data, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return planned_anew({})

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:reminders")


class ServiceRemindersView(SettingsFormView):
    """One service's own word."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    template_name = "scheduling/service_reminders.html"
    edits = True

    def load(self, pk: UUID) -> None:
        found = Service.objects.filter(pk=pk, is_active=True).first()
        if found is None:
            raise NotFound(f"service {pk}")
        self.service = found

    def get_edited(self) -> list[Any]:
        return list(ServiceReminders.objects.filter(service_id=self.service.pk))

    def get_form(self, *posted: Any) -> ServiceRemindersForm:
        own = service_words().get(self.service.pk)
        said = SchedulingSettings.current().reminder_minutes
        initial = {"whose": AS_SAID if own is None else OWN, "minutes": said if own is None else own}
        return ServiceRemindersForm(*posted, said=leads_label(said), initial=initial)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "service": self.service}

    def perform(self, form: ServiceRemindersForm) -> None:
        set_service_reminders(self.service.pk, minutes=form.own(), by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return planned_anew({"service": str(self.service.pk)})

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:reminders")


class OwnRemindersView(FormView):
    """One's own: for all one's people, for single ones, for one's schedule; and quiet hours."""

    template_name = "scheduling/own_reminders.html"
    edits = True

    def load(self) -> None:
        self.clients = list(clients_acted_for(self.user))
        self.runs = self.user.staff is not None and schedules_run_by(self.user).filter(user=self.user).exists()

    def get_edited(self) -> list[Any]:
        return list(preferences_of(self.user).values())

    def get_form(self, *posted: Any) -> OwnRemindersForm:
        return OwnRemindersForm(
            *posted, clients=self.clients, runs=self.runs, said=self._said(), initial=self._initial()
        )

    def _said(self) -> dict[str, str]:
        """What counts where nothing is said here, in words."""
        settings = SchedulingSettings.current()
        quiet = settings.quiet_hours
        hours = f"{clock_label(quiet.begins)} – {clock_label(quiet.ends)}" if quiet else _("none")
        name = self.request.organization.name  # type: ignore[attr-defined]
        return {
            "all": _("As %(name)s says: %(said)s")
            % {"name": name, "said": leads_label(sorted(settings.reminder_minutes, reverse=True))},
            "schedule": _("As %(name)s says: %(said)s")
            % {"name": name, "said": leads_label(sorted(settings.schedule_reminder_minutes, reverse=True))},
            "quiet": _("As %(name)s says: %(said)s") % {"name": name, "said": hours},
        }

    def _initial(self) -> dict[str, Any]:
        own, settings = preferences_of(self.user), SchedulingSettings.current()
        mine = own.get(None) or ReminderPreference()
        initial: dict[str, Any] = {
            "quiet": mine.quiet,
            "quiet_begins": mine.quiet_begins,
            "quiet_ends": mine.quiet_ends,
            **_chosen("all", mine.minutes_before, settings.reminder_minutes),
            **_chosen("schedule", mine.schedule_minutes_before, settings.schedule_reminder_minutes),
        }
        for client in self.clients:
            row = own.get(client.pk)
            inherited = mine.minutes_before if mine.minutes_before is not None else settings.reminder_minutes
            initial |= _chosen(str(client.pk), row.minutes_before if row else None, inherited)
        return initial

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        words = ReminderWords([self.user.pk])
        in_force = [
            (client, leads_label(words.of_place(self.user.pk, client.pk, None).minutes)) for client in self.clients
        ]
        return {**super().get_context_data(form), "in_force": in_force}

    def perform(self, form: OwnRemindersForm) -> None:
        set_own_reminders(
            minutes=form.own("all"),
            schedule_minutes=form.own("schedule"),
            for_clients={client: form.own(str(client.pk)) for client in self.clients},
            quiet=form.cleaned_data["quiet"],
            quiet_begins=form.cleaned_data["quiet_begins"],
            quiet_ends=form.cleaned_data["quiet_ends"],
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        return planned_anew({"user": str(self.user.pk)})

    def get_success_url(self) -> str:
        return reverse("scheduling:own_reminders")


def _chosen(name: str, own: Any, inherited: Any) -> dict[str, Any]:
    return {f"whose_{name}": AS_SAID if own is None else OWN, f"minutes_{name}": inherited if own is None else own}
