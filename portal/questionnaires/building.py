"""Forms are written: the list of them, one as it stands beside how it looks, and its words."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.roles import Permission
from core.records.questionnaires import actions, queries
from core.records.questionnaires.models import Questionnaire
from core.records.questionnaires.permissions import KEEP, can_send_forms, can_write_forms, get_form
from core.records.questionnaires.rules.questionnaires import TITLE, Definition, can_be_sent
from core.records.questionnaires.starters import starter, starters
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.person_choices import key_of
from portal.questionnaires.answer_fields import AnswersForm, condition_words
from portal.questionnaires.forms import NewFormForm, WordsForm
from portal.questionnaires.kinds import ICONS, LABELS
from portal.questionnaires.rows import sections

NEW = "starter:"


class FormListView(SignedInView):
    """Every form, and those that are put away."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can_send_forms(self.user):
            raise NotFound("forms are for those who keep records")
        is_past = "archived" in request.GET
        context = {
            "rows": list(queries.forms(self.user, archived=is_past)),
            "is_past": is_past,
            "may_write": can_write_forms(self.user),
            "sections": sections("forms"),
        }
        return render(request, "questionnaires/forms.html", context)


class NewFormView(FormView):
    """Another one: empty, ready-made, or like one that is there."""

    edits = False
    needs = Permission.SEE_ALL_RECORDS
    template_name = "questionnaires/new.html"
    result: Questionnaire

    def get_form(self, *posted: Any) -> NewFormForm:
        ready = [(f"{NEW}{code}", f"{each.title} ({_('ready-made')})") for code, each in starters()]
        own = [(str(each.pk), each.title) for each in queries.forms(self.user)]
        wanted = self.request.GET.get("begin_with", "")
        return NewFormForm(*posted, beginnings=[*ready, *own], initial={"begin_with": wanted})

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "back": reverse("questionnaires:forms")}

    def perform(self, form: NewFormForm) -> Questionnaire:
        begun, title = self._begun(form.cleaned_data["begin_with"]), form.cleaned_data["title"]
        return actions.create_form(replace(begun, title=title or begun.title), by=self.user, now=clock.now())

    def _begun(self, code: str) -> Definition:
        if code.startswith(NEW):
            return starter(code.removeprefix(NEW)) or Definition("")
        pk = key_of(code)
        return get_form(self.user, pk).definition if pk else Definition("")

    def get_success_url(self) -> str:
        return reverse("questionnaires:form", args=[self.result.pk])


class FormPageView(SignedInView):
    """One form: its parts in order, and beside them what those see who fill it in."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return render(request, "questionnaires/form.html", form_context(request, get_form(self.user, pk)))


def form_context(request: HttpRequest, form: Questionnaire) -> dict[str, Any]:
    """What the page of a form shows."""
    definition = form.definition
    return {
        "form_row": form,
        "definition": definition,
        "may_write": can_write_forms(request.user),
        "can_be_sent": can_be_sent(definition),
        "parts": [
            {
                "item": item,
                "icon": ICONS[item.kind],
                "label": LABELS[item.kind],
                "condition": condition_words(definition, item),
                "is_first": number == 0,
                "is_last": number == len(definition.items) - 1,
            }
            for number, item in enumerate(definition.items)
        ],
        "kinds": [(kind.value, label, ICONS[kind]) for kind, label in LABELS.items()],
        "previews": previews_of(definition, request.user),
        "sent": sum(version.requests.count() for version in form.versions.all()),
    }


def previews_of(definition: Definition, user: Any) -> list[dict[str, Any]]:
    """Each page as it looks, with nothing filled in; its fields belong to no form that is sent."""
    return [
        {
            "title": page.title,
            "form": AnswersForm(
                definition=definition, items=page.items, answers={}, user=user, auto_id="preview-%s", prefix="preview"
            ),
        }
        for page in definition.pages
    ]


class PreviewView(SignedInView):
    """What those see who fill it in, on a page of its own."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return render(request, "questionnaires/preview.html", form_context(request, get_form(self.user, pk)))


class WordsView(FormView):
    """Title, introduction, and whether it counts."""

    edits = True
    form_class = WordsForm
    template_name = "questionnaires/words.html"
    success_message = gettext_lazy("Saved.")

    def load(self, pk: UUID) -> None:
        self.form_row = get_form(self.user, pk, to=KEEP)

    def get_edited(self) -> list[Any]:
        return [self.form_row]

    def get_initial(self) -> dict[str, Any]:
        definition = self.form_row.definition
        return {"title": definition.title, "intro": definition.intro, "is_scored": definition.is_scored}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "form_row": self.form_row, "back": self.get_success_url()}

    def perform(self, form: WordsForm) -> Questionnaire:
        return actions.change_words(self.form_row, by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("questionnaires:form", args=[self.form_row.pk])


class FormActionView(ActionView):
    """A button about a form."""

    def load(self, pk: UUID) -> None:
        self.form_row = get_form(self.user, pk, to=KEEP)

    def get_success_url(self) -> str:
        return reverse("questionnaires:form", args=[self.form_row.pk])


class CopyView(FormActionView):
    """Another form that asks the same."""

    success_message = gettext_lazy("This is the copy. Change it as you like.")

    def perform(self) -> None:
        definition = self.form_row.definition
        title = _("%(title)s (copy)") % {"title": definition.title[: TITLE - 20]}
        self.form_row = actions.create_form(replace(definition, title=title), by=self.user, now=clock.now())


class ArchiveView(FormActionView):
    """Offered for sending no longer."""

    success_message = gettext_lazy(
        "Put away: it is not offered any more. What was sent of it stays, and can be filled in."
    )

    def perform(self) -> None:
        actions.archive_form(self.form_row, by=self.user, now=clock.now())


class RestoreView(FormActionView):
    """Offered again."""

    success_message = gettext_lazy("It is offered again.")

    def perform(self) -> None:
        actions.restore_form(self.form_row, by=self.user, now=clock.now())
