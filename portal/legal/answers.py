"""Who has answered what to a text, when and from where: as a list, and as a file; and who has not."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.errors import NotFound
from core.legal import actions, permissions, queries
from core.legal.models import Acceptance, LegalText
from core.people.queries import found_by, in_login
from core.people.roles import Permission
from portal.access import SignedInView
from portal.csv_files import csv_answer, typed
from portal.legal import presenters
from portal.settings_pages import settings_menu

PER_PAGE = 50


class AnswersMixin:
    """The answers to one text, as far as the address narrows them."""

    needs = Permission.MANAGE_LEGAL_TEXTS
    request: HttpRequest
    user: Any
    text: LegalText

    def load(self, slug: str) -> None:
        self.text = permissions.get_text(self.user, slug)
        if self.text._state.adding:
            raise NotFound(f"legal text {slug}")

    @property
    def typed(self) -> str:
        return self.request.GET.get("q", "").strip()[:80]

    @property
    def answer(self) -> str:
        wanted = self.request.GET.get("answer", "")
        return wanted if wanted in Acceptance.Answer.values else ""

    def found(self) -> QuerySet[Acceptance]:
        rows = permissions.acceptances_visible_to(self.user).filter(version__text=self.text)
        if self.answer:
            rows = rows.filter(answer=self.answer)
        return found_by(self.typed, rows, lambda word: word.in_("search_key"))

    def query(self, **more: str) -> str:
        """The same narrowing in another address."""
        return urlencode(
            {key: value for key, value in {"q": self.typed, "answer": self.answer, **more}.items() if value}
        )


class AnswerListView(AnswersMixin, SignedInView):
    """The answers, the newest first."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        self.load(slug)
        page = Paginator(self.found(), PER_PAGE).get_page(request.GET.get("page"))
        answers = [("", _("All")), *Acceptance.Answer.choices] if self.text.is_consent else []
        context = {
            "text": self.text,
            "name": presenters.name_of(self.text, queries.titles_of([self.text]).get(self.text.pk, {})),
            "page": page,
            "typed": self.typed,
            "answer": self.answer,
            "answers": [
                {
                    "label": label,
                    "url": f"?{self.query(answer=code) if code else urlencode({'q': self.typed})}",
                    "current": code == self.answer,
                }
                for code, label in answers
            ],
            "query": self.query(),
            "file_url": f"{reverse('legal:answers_file', args=[slug])}?{self.query()}",
            "tabs": _tabs(self.text),
            "settings_menu": settings_menu(request, at="legal:texts"),
        }
        return render(request, "legal/answers.html", context)


class UnansweredView(AnswersMixin, SignedInView):
    """Who is asked about the text and has not answered yet; for each client where it is asked so."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        self.load(slug)
        page = Paginator(self.people(), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "text": self.text,
            "name": presenters.name_of(self.text, queries.titles_of([self.text]).get(self.text.pk, {})),
            "page": page,
            "rows": presenters.unanswered_rows(page, may_open=request.user.may(Permission.MANAGE_CLIENTS)),  # type: ignore[union-attr]
            "typed": self.typed,
            "asked": presenters.asked_in_words(self.text),
            "query": self.query(),
            "tabs": _tabs(self.text, at="unanswered"),
            "settings_menu": settings_menu(request, at="legal:texts"),
        }
        return render(request, "legal/unanswered.html", context)

    def people(self) -> QuerySet[Any]:
        if self.text.is_per_client:
            links = queries.links_to_answer(self.text)
            return found_by(self.typed, links, lambda word: word.in_("user__search_key", "client__search_key"))
        return found_by(self.typed, queries.people_to_answer(self.text), in_login)


def _tabs(text: LegalText, *, at: str = "answers") -> list[dict[str, Any]]:
    """Those who have answered, and those who have not."""
    missing = queries.links_to_answer(text) if text.is_per_client else queries.people_to_answer(text)
    return [
        {"label": _("Answers"), "url": reverse("legal:answers", args=[text.slug]), "current": at == "answers"},
        {
            "label": _("Not answered yet"),
            "url": reverse("legal:unanswered", args=[text.slug]),
            "current": at == "unanswered",
            "count": missing.count(),
        },
    ]


class AnswerFileView(AnswersMixin, SignedInView):
    """The same as a table for a spreadsheet."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        self.load(slug)
        actions.note_export(by=self.user, slug=slug)
        head = [
            _("When"), _("Who"), _("E-mail address"), _("For"), _("Answer"), _("Version"), _("Language"), _("From the address"), "SHA-256",
        ]  # fmt: skip
        return csv_answer(head, _rows(self.found()), name=slug)


def _rows(found: QuerySet[Acceptance]) -> Iterator[list[str]]:
    for row in found.iterator(chunk_size=2000):
        yield [
            row.at.isoformat(timespec="seconds"), typed(row.user_name), typed(row.user_email), typed(row.client_name),
            str(row.get_answer_display()), str(row.version.number), row.language, row.address or "", row.digest,
        ]  # fmt: skip
