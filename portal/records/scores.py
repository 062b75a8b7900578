"""Scores of a client: by resource, with all of one resource as a table and a chart, and what is done with them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.models import Client
from core.people.permissions import get_client
from core.records import actions, queries
from core.records.models import Score
from core.records.permissions import (
    can_keep_records,
    can_read_shared,
    get_appointment_of,
    get_client_with_records,
    get_score,
)
from core.records.queries import ScoredResource
from core.resources.models import Resource
from core.resources.permissions import can_see_resource, get_resource
from core.resources.queries import my_list
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.access import SignedInView
from portal.client_tabs import tabs_for
from portal.csv_files import csv_answer, typed
from portal.forms import ActionView, FormView
from portal.kind_icons import ICONS
from portal.person_choices import key_of
from portal.records.score_forms import NewScoreForm, ScoreForClientForm, ScoreForm
from portal.records.score_rows import score_rows, scored_row, scored_rows, words_of

PER_PAGE = 12
LISTED = 24
MOST_ROWS = 500  # of one resource that its page shows
MOST_EXPORTED = 20_000


def readable_client(user: Any, pk: UUID) -> tuple[Client, bool]:
    """The client, and whether this person keeps the record. PermissionDenied for those who see the client and not the record."""
    client = get_client(user, pk)
    keeps = can_keep_records(user, client)
    if not keeps and not can_read_shared(user, client):
        raise PermissionDenied("not allowed to read this client's scores")
    return client, keeps


class ClientScoresView(SignedInView):
    """Every resource with which the client was scored: all for whoever keeps the record, else what is shared."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client, keeps = readable_client(self.user, pk)
        page = Paginator(queries.scored_with(client, self.user), PER_PAGE).get_page(request.GET.get("page"))
        rows = scored_rows(client, self.user, page)
        if rows:
            actions.scores_read(client, by=self.user)
        context = {"client": client, "tabs": tabs_for(request, client), "keeps": keeps, "page": page, "rows": rows}
        return render(request, "records/scores.html", context)


class ResourceScoresView(SignedInView):
    """All scores of the client with one resource, also of one that is gone. That they were looked at is kept."""

    def get(self, request: HttpRequest, pk: UUID, resource: UUID) -> HttpResponse:
        client, keeps = readable_client(self.user, pk)
        scores = list(queries.scores_of(client, self.user, resource=resource)[:MOST_ROWS])
        if not scores:
            raise NotFound(f"scores with {resource}")
        row = scored_row(ScoredResource(resource, len(scores), scores))
        actions.scores_read(client, by=self.user)
        thing = scores[0].resource
        context = {
            "client": client,
            "keeps": keeps,
            "row": row,
            "title": row.title,
            "resource": thing if thing is not None and can_see_resource(self.user, thing) else None,
        }
        return render(request, "records/resource_scores.html", context)


class ExportView(SignedInView):
    """The same as a table for spreadsheets, with all resources or with one."""

    def get(self, request: HttpRequest, pk: UUID, resource: UUID | None = None) -> HttpResponse:
        client = get_client_with_records(self.user, pk)
        scores = queries.scores_of(client, self.user, resource=resource)[:MOST_EXPORTED]
        actions.scores_read(client, by=self.user)
        head = [
            _("Day"),
            _("Resource"),
            _("Reached"),
            _("Maximum"),
            _("Counted in"),
            _("In a word"),
            _("Note"),
            _("By"),
        ]
        return csv_answer(head, [self._row(each) for each in scores], name="scores")

    def _row(self, score: Score) -> list[str]:
        text = score.text
        if not text.is_readable:
            return [score.on.isoformat(), "", words_of(text), "", "", "", "", typed(score.scored_by.name)]
        title = score.resource.title if score.resource is not None else text.title
        return [
            score.on.isoformat(), typed(title), f"{text.value:f}", "" if text.maximum is None else f"{text.maximum:f}",
            str(Score.Scale(text.scale).label), typed(text.label), typed(text.remark), typed(score.scored_by.name),
        ]  # fmt: skip


class ChooseResourceView(SignedInView):
    """With which resource somebody is scored: out of the own list."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = get_client_with_records(self.user, pk)
        typed_in = request.GET.get("q", "").strip()[:80]
        page = Paginator(my_list(self.user.staff, typed=typed_in), LISTED).get_page(request.GET.get("page"))
        context = {
            "client": client, "title": _("With which resource?"), "typed": typed_in, "page": page,
            "query": urlencode({"q": typed_in}) if typed_in else "",
            "resources": [(row.resource, ICONS[row.resource.kind]) for row in page],
        }  # fmt: skip
        return render(request, "records/score_resource.html", context)


class NewScoreView(FormView):
    """Another score with a resource. It begins as the latest one was counted."""

    edits = False
    template_name = "records/score_form.html"
    success_message = gettext_lazy("The score is saved.")
    client: Client
    resource: Resource

    def load(self, pk: UUID, resource: UUID) -> None:
        self.client = get_client_with_records(self.user, pk)
        self.resource = get_resource(self.user, resource)

    def get_form(self, *posted: Any) -> NewScoreForm:
        zone = wall_time.zone(time_zones.zone_of(self.request))
        appointments = queries.appointments_to_note(self.client, now=clock.now())
        meant = key_of(
            self.request.POST.get("appointment", "")
        )  # in a room that opened early it may be none of the nearest
        if meant is not None and meant not in [each.pk for each in appointments]:
            appointments.append(get_appointment_of(self.client, meant))
        return NewScoreForm(*posted, appointments=appointments, zone=zone, initial=self.get_initial())

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.client, self.resource, self.user)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        back = reverse("scores:list", args=[self.client.pk])
        return {
            **super().get_context_data(form), "client": self.client, "resource": self.resource,
            "title": self.resource.title, "back": back,
        }  # fmt: skip

    def perform(self, form: NewScoreForm) -> Score:
        return actions.save_score(
            self.client, self.resource, text=form.text(), on=form.cleaned_data["on"],
            appointment=form.chosen_appointment(), by=self.user, now=clock.now(),
        )  # fmt: skip

    def get_success_url(self) -> str:
        return reverse("scores:resource", args=[self.client.pk, self.resource.pk])


def initial_of(client: Client, resource: Resource, user: Any) -> dict[str, Any]:
    """Today, and counted as the last time."""
    latest = queries.scores_of(client, user, resource=resource.pk).first()
    counted = {"scale": "out_of", "maximum": None}
    if latest is not None and latest.text.is_readable:
        counted = {"scale": latest.text.scale.value, "maximum": latest.text.maximum}
    return {"on": timezone.localdate(), **counted}


class ScoreForClientView(FormView):
    """A score with this resource, for a client who is chosen here."""

    edits = False
    template_name = "records/score_form.html"
    success_message = gettext_lazy("The score is saved.")
    result: Score

    def load(self, resource: UUID) -> None:
        self.resource = get_resource(self.user, resource)

    def get_form(self, *posted: Any) -> ScoreForClientForm:
        return ScoreForClientForm(*posted, user=self.user, initial={"on": timezone.localdate(), "scale": "out_of"})

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        back = reverse("resources:resource", args=[self.resource.pk])
        return {
            **super().get_context_data(form), "resource": self.resource, "title": self.resource.title, "back": back,
        }  # fmt: skip

    def perform(self, form: ScoreForClientForm) -> Score:
        client, on = form.cleaned_data["client"], form.cleaned_data["on"]
        return actions.save_score(client, self.resource, text=form.text(), on=on, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scores:resource", args=[self.result.client_id, self.resource.pk])


class ChangeScoreView(FormView):
    """Corrected; what it said before stays."""

    edits = True
    form_class = ScoreForm
    template_name = "records/score_form.html"
    success_message = gettext_lazy("Saved.")

    def load(self, pk: UUID) -> None:
        self.score = get_score(self.user, pk)

    def get_edited(self) -> list[Score]:
        return [self.score]

    def get_initial(self) -> dict[str, Any]:
        text = self.score.text
        return {
            "value": text.value, "scale": text.scale.value, "maximum": text.maximum, "label": text.label,
            "remark": text.remark, "on": self.score.on,
        }  # fmt: skip

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        found = ScoredResource(self.score.resource_key, 1, [self.score])
        versions = self.score.versions.select_related("changed_by")
        return {
            **super().get_context_data(form), "client": self.score.client, "title": scored_row(found).title,
            "back": self.get_success_url(), "score": self.score,
            "versions": [(each, words_of(each.text)) for each in versions],
        }  # fmt: skip

    def perform(self, form: ScoreForm) -> Score:
        return actions.change_score(
            self.score, text=form.text(), on=form.cleaned_data["on"], seen=self.score.revision, by=self.user, now=clock.now()
        )  # fmt: skip

    def get_success_url(self) -> str:
        return reverse("scores:resource", args=[self.score.client_id, self.score.resource_key])


class _ScoreActionView(ActionView):
    """A button about a score."""

    def load(self, pk: UUID) -> None:
        self.score = get_score(self.user, pk)

    def get_success_url(self) -> str:
        return reverse("scores:resource", args=[self.score.client_id, self.score.resource_key])


class ShareScoreView(_ScoreActionView):
    """Seen by the client from now on."""

    success_message = gettext_lazy("Shared: the score and its note can be seen.")

    def perform(self) -> None:
        actions.share_score(self.score, by=self.user, now=clock.now())


class WithdrawScoreView(_ScoreActionView):
    """Seen no longer."""

    success_message = gettext_lazy("The score is not shared any more.")

    def perform(self) -> None:
        actions.withdraw_score(self.score, by=self.user, now=clock.now())


class RemoveScoreView(_ScoreActionView):
    """Removed for good, after a question."""

    success_message = gettext_lazy("The score is removed.")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        [row] = score_rows([self.score])
        return render(request, "records/score_removal.html", {"row": row, "client": self.score.client})

    def perform(self) -> None:
        actions.remove_score(self.score, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        if not queries.scores_of(self.score.client, self.user, resource=self.score.resource_key).exists():
            return reverse("scores:list", args=[self.score.client_id])
        return super().get_success_url()
