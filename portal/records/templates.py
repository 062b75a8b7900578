"""What new notes can begin with: the organization's own words, among the settings."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people.roles import Permission
from core.records import actions, queries
from core.records.permissions import get_template
from portal.access import SignedInView
from portal.forms import ActionView
from portal.records.forms import TemplateForm
from portal.settings_pages import SettingsFormView, settings_menu


class TemplateListView(SignedInView):
    """Every template."""

    needs = Permission.SEE_ALL_RECORDS

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"templates": queries.templates(), "settings_menu": settings_menu(request)}
        return render(request, "records/templates.html", context)


class _TemplateFormView(SettingsFormView):
    edits = False
    needs = Permission.SEE_ALL_RECORDS
    form_class = TemplateForm
    template_name = "records/template.html"
    success_message = gettext_lazy("Saved.")
    template: Any = None

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        shown = super().get_context_data(form)
        menu = settings_menu(self.request, at="note_templates:list")
        return {**shown, "template": self.template, "back": self.get_success_url(), "settings_menu": menu}

    def perform(self, form: TemplateForm) -> Any:
        return actions.save_template(self.template, by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("note_templates:list")


class NewTemplateView(_TemplateFormView):
    """Another one."""


class TemplateView(_TemplateFormView):
    """One of them, changed."""

    edits = True

    def load(self, pk: UUID) -> None:
        self.template = get_template(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.template]

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.template.name, "body": self.template.body}


class RemoveTemplateView(ActionView):
    """Offered no longer."""

    needs = Permission.SEE_ALL_RECORDS
    success_message = gettext_lazy("The template is removed. Notes that began with it stay as they are.")

    def load(self, pk: UUID) -> None:
        self.template = get_template(self.user, pk)

    def perform(self) -> None:
        actions.remove_template(self.template, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("note_templates:list")
