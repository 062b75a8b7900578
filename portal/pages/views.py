"""The page of the settings on which the public front page is written."""

from typing import Any

from django.urls import reverse
from django.utils.html import linebreaks, strip_tags
from django.utils.translation import gettext_lazy

from core.pages.actions import change_home
from core.pages.models import HomePage
from core.people.roles import Permission
from portal.pages.forms import HomeForm
from portal.settings_pages import SettingsFormView


class FrontPageSettingsView(SettingsFormView):
    """The public front page."""

    needs = Permission.MANAGE_ORGANIZATION
    form_class = HomeForm
    template_name = "pages/front_page_settings.html"
    edits = True
    success_message = gettext_lazy("The front page is published.")

    def get_edited(self) -> list[Any]:
        return [HomePage.objects.get()]

    def get_initial(self) -> dict[str, Any]:
        home = HomePage.objects.get()
        greeting = home.greeting
        paragraphs = strip_tags(home.about.replace("</p>", "\n\n").replace("<br/>", "\n")).strip()
        return {
            "headline": greeting.headline,
            "introduction": greeting.introduction,
            "about": paragraphs,
            "contact": home.contact,
        }

    def perform(self, form: HomeForm) -> None:
        wanted = {**form.cleaned_data, "about": linebreaks(form.cleaned_data["about"], autoescape=True)}
        change_home(HomePage.objects.get(), by=self.user, **wanted)

    def get_success_url(self) -> str:
        return reverse("front_page_settings")
