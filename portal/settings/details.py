"""The organization's details: languages, time zone, address. They hold as soon as they are saved."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from branding.actions import change_brand
from branding.models import Brand
from core.people.roles import Permission
from portal.settings.studio_forms import DetailsForm
from portal.settings_pages import SettingsFormView


class DetailsView(SettingsFormView):
    """Languages and times, mail and papers."""

    needs = Permission.MANAGE_ORGANIZATION
    template_name = "settings/details.html"
    edits = True
    success_message = gettext_lazy("Saved. Pages, mails and papers have it from now on.")

    def get_edited(self) -> list[Any]:
        return [Brand.objects.get(is_current=True)]

    def get_form(self, *posted: Any) -> DetailsForm:
        return DetailsForm(*posted, instance=Brand.objects.get(is_current=True))

    def perform(self, form: DetailsForm) -> Brand:
        return change_brand(Brand.objects.get(is_current=True), by=self.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("settings:details")
