"""Rooms and equipment: the list with a form each, and removing one."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm, ModelForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people.roles import Permission
from core.scheduling.actions import remove_resource, save_resource
from core.scheduling.models import BookableResource
from core.scheduling.permissions import get_resource
from portal.forms import ActionView
from portal.settings_pages import SettingsFormView


class ResourceForm(ModelForm):
    """One room, or one piece of equipment."""

    class Meta:
        model = BookableResource
        fields = ("name", "kind", "description")
        labels = {  # noqa: RUF012
            "name": gettext_lazy("Name"),
            "kind": gettext_lazy("What it is"),
            "description": gettext_lazy("Where it is, or what belongs to it"),
        }


class ResourcesView(SettingsFormView):
    """All of them, those that can be booked before the archived ones, and a form for another one."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    template_name = "scheduling/resources.html"
    edits = False
    success_message = gettext_lazy("Saved.")

    def get_form(self, *posted: Any) -> ResourceForm:
        return ResourceForm(*posted, instance=BookableResource())

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        found = list(BookableResource.objects.all())
        resources = [each for each in found if each.is_active]
        archived = [each for each in found if not each.is_active]
        return {**super().get_context_data(form), "resources": resources, "archived": archived}

    def perform(self, form: ResourceForm) -> BookableResource:
        return save_resource(form.save(commit=False), by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:resources")


class ResourceView(SettingsFormView):
    """One of them."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    template_name = "scheduling/resource.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def load(self, pk: UUID) -> None:
        self.resource = get_resource(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.resource]

    def get_form(self, *posted: Any) -> ResourceForm:
        return ResourceForm(*posted, instance=self.resource)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "resource": get_resource(self.user, self.resource.pk)}

    def perform(self, form: ResourceForm) -> BookableResource:
        return save_resource(form.save(commit=False), by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:resources")


class RemovalView(ActionView):
    """Delete it, or archive it where it was ever booked."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    result: bool

    def load(self, pk: UUID) -> None:
        self.resource = get_resource(self.user, pk)

    def perform(self) -> bool:
        return remove_resource(self.resource, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        names = {"name": self.resource.name}
        if self.result:
            return _("%(name)s is deleted.") % names
        return _("%(name)s is archived: it was booked before, and what is booked there already stays.") % names

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:resources")


class ReturnView(ActionView):
    """Out of the archive again."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    success_message = gettext_lazy("It can be booked again.")

    def load(self, pk: UUID) -> None:
        self.resource = get_resource(self.user, pk)

    def perform(self) -> BookableResource:
        self.resource.is_active = True
        return save_resource(self.resource, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling_settings:resources")
