"""Goals of a client: the list, one with its chart, and what is done with it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.errors import ConflictError
from core.people.permissions import get_client
from core.records import actions, queries
from core.records.actions.goals import check_all_readable
from core.records.models import Goal, GoalProgress
from core.records.permissions import (
    KEEP,
    can_keep_records,
    can_read_shared,
    get_client_with_records,
    get_goal,
    get_progress,
    get_step,
)
from portal.access import SignedInView
from portal.client_tabs import tabs_for
from portal.forms import ActionView, FormView
from portal.once import wants_json
from portal.records.goal_forms import ChangeGoalForm, GoalForm, ProgressForm
from portal.records.goal_rows import goal_row, goal_rows


class ClientGoalsView(SignedInView):
    """The goals of a client: all for whoever keeps their records, else those that are shared."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = get_client(self.user, pk)
        keeps = can_keep_records(self.user, client)
        if not keeps and not can_read_shared(self.user, client):
            raise PermissionDenied("not allowed to read this client's goals")
        rows = goal_rows(queries.goals_of(client, self.user))
        context = {
            "client": client,
            "tabs": tabs_for(request, client),
            "keeps": keeps,
            "open_rows": [row for row in rows if row.goal.is_open],
            "ended_rows": [row for row in rows if not row.goal.is_open],
        }
        return render(request, "records/goals.html", context)


class NewGoalView(FormView):
    """Another one."""

    edits = False
    form_class = GoalForm
    template_name = "records/goal_form.html"
    success_message = _("The goal is set.")
    result: Goal

    def load(self, pk: UUID) -> None:
        self.client = get_client_with_records(self.user, pk)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        back = reverse("goals:list", args=[self.client.pk])
        return {**super().get_context_data(form), "client": self.client, "title": _("New goal"), "back": back}

    def perform(self, form: GoalForm) -> Goal:
        return actions.set_goal(self.client, text=form.text(), steps=form.lines(), by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("goals:goal", args=[self.result.pk])


class GoalView(SignedInView):
    """One goal, with its steps, its chart and what was noted. That it was opened is kept."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        goal = get_goal(self.user, pk)
        actions.goal_read(goal, by=self.user)
        return render(request, "records/goal.html", goal_context(request, goal))


def goal_context(request: HttpRequest, goal: Goal, form: forms.BaseForm | None = None) -> dict[str, Any]:
    """What the page of a goal shows, for whoever may read it."""
    keeps = can_keep_records(request.user, goal.client)
    progress = list(goal.progress.select_related("noted_by"))
    return {
        "goal": goal,
        "client": goal.client,
        "row": goal_row(goal, progress),
        "progress": progress,
        "keeps": keeps,
        "form": form or (progress_form(request, goal) if keeps else None),
        "title": goal.text.title,
    }


def progress_form(request: HttpRequest, goal: Goal, *posted: Any) -> ProgressForm:
    """Of today, by the reader's clock."""
    return ProgressForm(*posted, unit=goal.text.unit, initial={"on": timezone.localdate()})


class _GoalFormView(FormView):
    """A form about a goal, for whoever keeps the client's records."""

    def load(self, pk: UUID) -> None:
        self.goal = get_goal(self.user, pk, to=KEEP)

    def get_edited(self) -> list[Any]:
        return [self.goal]

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        actions.goal_read(self.goal, by=self.user)
        return super().render_form(form)

    def get_success_url(self) -> str:
        return reverse("goals:goal", args=[self.goal.pk])


class ChangeGoalView(_GoalFormView):
    """Words, numbers, steps, and what has become of it."""

    edits = True
    form_class = ChangeGoalForm
    template_name = "records/goal_form.html"
    success_message = _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        text = self.goal.text
        lines = "\n".join(step.words for step in self.goal.steps.all())
        return {
            "title": text.title,
            "measure": text.measure,
            "unit": text.unit,
            "start": text.start,
            "target": text.target,
            "steps": lines,
            "status": self.goal.status,
        }

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        if not form.is_bound:
            try:
                check_all_readable(self.goal)
            except ConflictError as refusal:
                messages.error(self.request, refusal.message)
                return self.lead_to(self.get_success_url())
        return super().render_form(form)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        shown = super().get_context_data(form)
        return {**shown, "client": self.goal.client, "title": _("Change the goal"), "back": self.get_success_url()}

    def perform(self, form: ChangeGoalForm) -> Goal:
        return actions.change_goal(
            self.goal,
            text=form.text(),
            steps=form.lines(),
            status=form.cleaned_data["status"],
            by=self.user,
            now=clock.now(),
        )


class NoteProgressView(_GoalFormView):
    """How far it has come; the form stands on the goal's page."""

    edits = False
    template_name = "records/goal.html"
    success_message = _("Noted.")

    def get_form(self, *posted: Any) -> ProgressForm:
        return progress_form(self.request, self.goal, *posted)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return goal_context(self.request, self.goal, form)

    def get_success_message(self) -> str:
        return "" if wants_json(self.request) else super().get_success_message()

    def perform(self, form: ProgressForm) -> GoalProgress:
        return actions.note_progress(self.goal, by=self.user, now=clock.now(), **form.cleaned_data)


class _GoalActionView(ActionView):
    """A button about a goal."""

    def load(self, pk: UUID) -> None:
        self.goal = get_goal(self.user, pk, to=KEEP)

    def get_success_url(self) -> str:
        return reverse("goals:goal", args=[self.goal.pk])


class ShareGoalView(_GoalActionView):
    """Seen by the client from now on."""

    success_message = _("Shared: the goal, its steps and its progress can be seen, also as they change.")

    def perform(self) -> None:
        actions.share_goal(self.goal, by=self.user, now=clock.now())


class WithdrawGoalView(_GoalActionView):
    """Seen no longer."""

    success_message = _("The goal is not shared any more.")

    def perform(self) -> None:
        actions.withdraw_goal(self.goal, by=self.user, now=clock.now())


class StepView(_GoalActionView):
    """A step is done, or not after all."""

    def load(self, pk: UUID) -> None:
        self.step = get_step(self.user, pk)
        self.goal = self.step.goal

    def perform(self) -> None:
        is_done = self.request.POST.get("done") == "1"
        actions.tick_step(self.step, is_done=is_done, by=self.user, now=clock.now())


class RemoveProgressView(_GoalActionView):
    """What one has noted by mistake."""

    success_message = _("Removed.")

    def load(self, pk: UUID) -> None:
        self.progress = get_progress(self.user, pk)
        self.goal = self.progress.goal

    def perform(self) -> None:
        actions.remove_progress(self.progress, by=self.user, now=clock.now())
