"""When nobody works here: closures, and the public holidays of a country."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people.roles import Permission
from core.scheduling import public_holidays
from core.scheduling.actions.availability import add_closure, keep_public_holidays, remove_closure
from core.scheduling.models import Closure, SchedulingSettings
from core.scheduling.permissions import get_closure
from portal.forms import ActionView
from portal.scheduling.hours_forms import ClosureForm, HolidaysForm
from portal.settings_pages import SettingsFormView

YEAR = timedelta(days=365)


class ClosuresView(SettingsFormView):
    """The closures to come, and a form for another one; the holidays stand beside."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    template_name = "scheduling/closures.html"
    edits = False
    success_message = gettext_lazy("Saved. What is booked already stays as it is.")

    def get_form(self, *posted: Any) -> ClosureForm:
        return ClosureForm(*posted, instance=Closure())

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        today = clock.now().date()
        settings = SchedulingSettings.current()
        kept = public_holidays.between(settings, today, today + YEAR)
        return {
            **super().get_context_data(form),
            "closures": Closure.objects.filter(last_on__gte=today),
            "holidays": list(kept.items()),
            "settings": settings,
        }

    def perform(self, form: ClosureForm) -> Closure:
        return add_closure(form.save(commit=False), by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:closures")


class ClosureRemovalView(ActionView):
    """Worked after all."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    success_message = gettext_lazy("Taken back.")

    def load(self, pk: UUID) -> None:
        self.closure = get_closure(self.user, pk)

    def perform(self) -> None:
        remove_closure(self.closure, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:closures")


class HolidaysView(SettingsFormView):
    """Whose public holidays are kept."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    template_name = "scheduling/holidays.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def get_edited(self) -> list[Any]:
        return [SchedulingSettings.current()]

    def get_form(self, *posted: Any) -> HolidaysForm:
        today, settings = clock.now().date(), SchedulingSettings.current()
        worked = [day.isoformat() for day in settings.worked_holidays]
        upcoming = public_holidays.between(settings, today, today + YEAR, with_worked=True)
        initial = {"country": settings.holiday_country, "region": settings.holiday_region, "worked": worked}
        return HolidaysForm(*posted, settings=settings, upcoming=upcoming, initial=initial)

    def perform(self, form: HolidaysForm) -> SchedulingSettings:
        values = form.cleaned_data
        return keep_public_holidays(
            country=values["country"],
            region=values["region"],
            worked=values.get("worked", ()),
            by=self.user,
            now=clock.now(),
        )

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:holidays")
