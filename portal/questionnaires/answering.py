"""A form is filled in, page by page. A script keeps what is typed every few seconds; without it each page is kept as one goes on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.files.actions import sealed
from core.kernel import clock
from core.kernel.errors import ConflictError, NotFound
from core.records.questionnaires import actions
from core.records.questionnaires.actions.checks import check_open
from core.records.questionnaires.actions.responses import Evidence
from core.records.questionnaires.models import QuestionnaireResponse
from core.records.questionnaires.permissions import ANSWER, RESPONSE_FILE, get_request
from core.records.questionnaires.rules import responses as rules
from core.records.questionnaires.rules.questionnaires import Definition, Kind
from portal import versions
from portal.files.fields import files_body_limit
from portal.forms import FormView
from portal.middleware import client_address
from portal.once import wants_json
from portal.questionnaires.answer_fields import AnswersForm, initial_of
from portal.versions import Version
from tenants.bodies import SIGNED_IN_BYTES

WAYS = ("back", "next", "send", "stay")


def shown_pages(definition: Definition, answers: Any) -> list[int]:
    """The numbers (from 1) of the pages on which anything is asked or to be read after these answers."""
    shown = rules.shown_keys(definition, answers)
    found = [
        number for number, page in enumerate(definition.pages, start=1) if any(item.key in shown for item in page.items)
    ]
    return found or [1]


def first_page(definition: Definition, answers: Any) -> int:
    """Where somebody goes on: the first page with something that must be answered and is not; else the first."""
    missing = rules.missing(definition, answers)
    pages = shown_pages(definition, answers)
    wanted = min((definition.page_of(key) + 1 for key in missing), default=pages[0])
    return wanted if answers and wanted in pages else pages[0]


class AnswerView(FormView):
    """One page of it."""

    edits = True
    template_name = "questionnaires/answers.html"
    body_limit = files_body_limit(SIGNED_IN_BYTES)
    response: QuestionnaireResponse
    leads_to: str = ""

    def load(self, pk: UUID, page: int) -> None:
        self.row = get_request(self.user, pk, to=ANSWER)
        self.definition = self.row.version.definition
        if not 1 <= page <= len(self.definition.pages):
            raise NotFound(f"page {page}")
        self.number, self.page = page, self.definition.pages[page - 1]
        self.response = self.row.latest

    def get_edited(self) -> list[Any]:
        return [self.response]

    @property
    def way(self) -> str:
        """Where the person goes from here."""
        given = self.request.POST.get("go", "")
        return given if given in WAYS and not self.is_autosave else "stay"

    @property
    def is_autosave(self) -> bool:
        return "autosave" in self.request.POST

    def get_form(self, *posted: Any) -> AnswersForm:
        return AnswersForm(
            *posted,
            definition=self.definition,
            items=self.page.items,
            answers=self.response.with_files,
            user=self.user,
            strict=bool(posted) and self.way in ("next", "send"),
            initial=initial_of(self.page.items, self.response.answers),
        )

    def note_sent(self, led_to: str) -> None:
        """Nothing comes into being twice by what a script sends again."""
        if not self.is_autosave:
            super().note_sent(led_to)

    def perform(self, form: AnswersForm) -> QuestionnaireResponse:
        now = clock.now()
        self.response = actions.write_answers(
            self.row, form.given(), seen=self.response.revision, by=self.user, now=now
        )
        if not self.is_autosave:
            self._take_files(form)
        if self.way == "send":
            self._send()
        return self.response

    def _take_files(self, form: AnswersForm) -> None:
        for item in self.page.items:
            given = form.cleaned_data.get(item.key) if item.kind is Kind.FILE else None
            if given:
                with sealed(given, purpose=RESPONSE_FILE, by=self.user) as files:
                    for each in files:
                        actions.add_response_file(self.row, item.key, given=each, by=self.user, now=clock.now())

    def _send(self) -> None:
        """Send it in, unless something on another page is missing: then that page says so."""
        row = get_request(self.user, self.row.pk, to=ANSWER)
        missing = rules.missing(self.definition, row.latest.with_files)
        if missing:
            self.leads_to = f"{self._url(self.definition.page_of(missing[0]) + 1)}?missing=1"
            return
        evidence = Evidence(client_address(self.request) or "", self.request.headers.get("User-Agent", ""))
        actions.submit_answers(row, seen=row.latest.revision, evidence=evidence, by=self.user, now=clock.now())
        self.leads_to = reverse("questionnaires:request", args=[self.row.pk])

    def get_success_message(self) -> str:
        if self.way == "send" and "missing=1" not in self.leads_to:
            return _("Thank you. What you have filled in is sent.")
        return ""

    def get_success_url(self) -> str:
        if self.leads_to:
            return self.leads_to
        pages: Sequence[int] = shown_pages(self.definition, self.response.with_files)
        if self.way == "next":
            return self._url(next((each for each in pages if each > self.number), self.number))
        if self.way == "back":
            return self._url(next((each for each in reversed(pages) if each < self.number), self.number))
        return self._url(self.number)

    def _url(self, page: int) -> str:
        return reverse("questionnaires:answers", args=[self.row.pk, page])

    def done(self) -> HttpResponse:
        if not wants_json(self.request):
            return super().done()
        saved = Version(versions.marks_of(self.get_version_values(self.get_form())), clock.now())
        return JsonResponse({"message": "", "url": self.get_success_url(), "version": self._signed(saved)})

    def refused(self, form: forms.BaseForm, status: int) -> HttpResponse:
        """A script learns why; somebody whose form was closed meanwhile reads so on its page."""
        if not wants_json(self.request):
            return super().refused(form, status)
        first = next(iter(form.errors.values()))[0]
        version = self._signed(self.version) if self.version else ""
        is_closed = not get_request(self.user, self.row.pk).is_open
        answer = {"message": first, "version": version, "is_signed": is_closed}
        return JsonResponse(answer, status=409 if is_closed else 422)

    def _signed(self, version: Version) -> str:
        return versions.signed(version, address=self.get_version_address(), user_id=str(self.user.pk))

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        """Of one that is not open any more, its page; what somebody has typed meanwhile stays before their eyes."""
        if not form.is_bound:
            try:
                check_open(self.row)
            except ConflictError as refusal:
                messages.info(self.request, refusal.message)
                return self.lead_to(reverse("questionnaires:request", args=[self.row.pk]))
        return super().render_form(form)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        answers = self.response.with_files
        pages = shown_pages(self.definition, answers)
        missing = set(rules.missing(self.definition, answers)) if "missing" in self.request.GET else set()
        place = pages.index(self.number) + 1 if self.number in pages else 1
        return {
            **super().get_context_data(form),
            "row": self.row,
            "client": self.row.client,
            "definition": self.definition,
            "page": self.page,
            "parts": form.parts(),  # type: ignore[attr-defined]
            "files": list(self.response.files.all()),
            "missing": [item for item in self.page.items if item.key in missing],
            "place": place,
            "places": len(pages),
            "is_first": place == 1,
            "is_last": place == len(pages),
            "others": self._others(),
        }

    def _others(self) -> list[Any]:
        """Who else has written in it."""
        writer = self.response.written_by
        return [writer] if writer is not None and writer.pk != self.user.pk else []
