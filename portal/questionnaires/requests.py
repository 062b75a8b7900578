"""One form that was sent: how it stands, what was answered and signed, and what can be done with it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.records.permissions import can_keep_records
from core.records.questionnaires import actions, notifications, queries
from core.records.questionnaires.actions.responses import is_intact
from core.records.questionnaires.models import QuestionnaireRequest, QuestionnaireResponse
from core.records.questionnaires.permissions import ANSWER, KEEP, can_answer, get_request
from core.records.questionnaires.rules import responses as rules
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.questionnaires.answer_fields import answer_rows
from portal.questionnaires.answering import first_page
from portal.questionnaires.building import previews_of
from portal.questionnaires.forms import DeclineForm, ReopenForm
from portal.questionnaires.rows import request_row
from portal.records.drawings import Drawing, draw


class RequestView(SignedInView):
    """For whoever is asked, the form itself as long as it is open; else what was answered."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = get_request(self.user, pk)
        keeps = can_keep_records(self.user, row.client)
        definition = row.version.definition
        if row.is_open and not keeps:
            page = first_page(definition, row.latest.with_files)
            return redirect("questionnaires:answers", row.pk, page)
        sent_in = [each for each in row.responses.all() if each.submitted_at is not None]
        shown = sent_in[-1] if sent_in else None
        if shown is not None:
            actions.answers_read(row, by=self.user, now=clock.now())
        context = {
            "row": row,
            "client": row.client,
            "shown": request_row(row, today=timezone.localdate()),
            "definition": definition,
            "keeps": keeps,
            "answers": can_answer(self.user, row),
            "asked": notifications.asked_of(row) if keeps and row.is_open else [],
            "response": shown,
            "rows": _rows_of(shown) if shown is not None else [],
            "is_intact": shown is None or is_intact(shown),
            "signatures": list(shown.signatures.all()) if shown is not None else [],
            "earlier": sent_in[:-1],
            "previews": previews_of(definition, self.user) if keeps and shown is None else [],
            **(_points_of(row, shown) if keeps and shown is not None else {}),
        }
        return render(request, "questionnaires/request.html", context)


def _rows_of(response: QuestionnaireResponse) -> list[dict[str, Any]]:
    return answer_rows(response.request.version.definition, response.answers, list(response.files.all()))


def _points_of(row: QuestionnaireRequest, shown: QuestionnaireResponse) -> dict[str, Any]:
    """What it counts, and how that has gone on from form to form."""
    total = rules.total(row.version.definition, shown.with_files)
    if total is None:
        return {"total": None}
    counted = []
    for each in queries.earlier_responses(row):
        reached = rules.total(each.request.version.definition, each.with_files)
        if reached is not None and each.is_readable and each.submitted_at is not None:
            counted.append((each, reached))
    return {"total": total, "counted": list(reversed(counted)), "drawing": _drawing(counted)}


def _drawing(counted: list[tuple[QuestionnaireResponse, rules.Total]]) -> Drawing | None:
    """Of those that could reach the same as the latest one."""
    if len(counted) < 2:
        return None
    most = counted[-1][1].maximum
    same = [
        (timezone.localtime(each.submitted_at).date(), Decimal(reached.points), str(reached.points))
        for each, reached in counted
        if reached.maximum == most
    ]
    return draw(same) if len(same) > 1 else None


class _RequestActionView(ActionView):
    """A button about a request, for whoever keeps the record."""

    def load(self, pk: UUID) -> None:
        self.row = get_request(self.user, pk, to=KEEP)

    def get_success_url(self) -> str:
        return reverse("questionnaires:request", args=[self.row.pk])


class RemindView(_RequestActionView):
    """They are told once more."""

    success_message = gettext_lazy("They are told once more.")

    def perform(self) -> None:
        actions.remind(self.row, by=self.user, now=clock.now())


class WithdrawView(_RequestActionView):
    """It need not be filled in any more."""

    success_message = gettext_lazy("Taken back: it cannot be filled in any more.")

    def perform(self) -> None:
        actions.withdraw_request(self.row, by=self.user, now=clock.now())


class _RequestFormView(FormView):
    """A form about a request."""

    edits = False
    template_name = "questionnaires/act.html"
    to = KEEP
    title: Any = ""
    lede: Any = ""
    submit: Any = ""

    def load(self, pk: UUID) -> None:
        self.row = get_request(self.user, pk, to=self.to)

    def is_one_per_content(self) -> bool:
        return False  # because the same can be done again after it was undone

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form), "row": self.row, "client": self.row.client, "title": self.title, "lede": self.lede,
            "submit": self.submit, "back": self.get_success_url(),
        }  # fmt: skip

    def get_success_url(self) -> str:
        return reverse("questionnaires:request", args=[self.row.pk])


class ReopenView(_RequestFormView):
    """To be filled in once more."""

    form_class = ReopenForm
    title = gettext_lazy("Let it be filled in again")
    lede = gettext_lazy(
        "They find what they have answered, and can change it. What they have signed is to be signed anew. What was sent in before is kept as it was."
    )
    submit = gettext_lazy("Open it again")
    success_message = gettext_lazy("It is open again. They are told that there is something to fill in.")

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        if self.row.is_open and not form.is_bound:
            messages.info(self.request, _("This form is open: it can be filled in."))
            return self.lead_to(self.get_success_url())
        return super().render_form(form)

    def perform(self, form: ReopenForm) -> QuestionnaireRequest:
        return actions.reopen_request(self.row, by=self.user, now=clock.now(), **form.cleaned_data)


class DeclineView(_RequestFormView):
    """Somebody would rather not."""

    to = ANSWER
    form_class = DeclineForm
    title = gettext_lazy("Not to fill it in")
    lede = gettext_lazy("Whoever has sent it is told, and reads what you write here. They can open it again.")
    submit = gettext_lazy("I would rather not fill it in")
    success_message = gettext_lazy("Thank you for saying so. It need not be filled in.")

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        if not self.row.is_open and not form.is_bound:
            return self.lead_to(self.get_success_url())
        return super().render_form(form)

    def perform(self, form: DeclineForm) -> QuestionnaireRequest:
        return actions.decline_request(self.row, by=self.user, now=clock.now(), **form.cleaned_data)
