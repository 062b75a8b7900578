"""What concerns oneself: texts to answer, what one has answered, and taking a consent back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.legal import actions, permissions, queries
from core.legal.actions import Given
from core.legal.models import Acceptance, VersionText
from core.legal.queries import Ask
from portal import open_texts
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.legal.forms import YES, OpenTextsForm
from portal.legal_links import path_of
from portal.middleware import client_address
from portal.sign_in_first import safe_next

HOME = "/dashboard/"


class AgreementsView(SignedInView):
    """Every text that concerns this person or those they act for, with their answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asks = queries.asks_of(self.user)
        rows = [_row(ask) for ask in asks]
        shown = {(ask.text.pk, ask.client.pk if ask.client else None) for ask in asks}
        earlier = [row for key, row in queries.latest_answers(self.user).items() if key not in shown]
        titles = queries.titles_as_answered(earlier)
        context = {
            "rows": rows,
            "earlier": [_earlier(row, titles.get(row.pk, "")) for row in earlier],
            "has_open": any(row["is_open"] for row in rows),
        }
        return render(request, "legal/agreements.html", context)


class OpenTextsView(FormView):
    """What is to be answered, on a page of its own; afterwards one goes on to where one was going. `?again=`: a consent answered before."""

    template_name = "legal/open.html"
    edits = False
    takes_kept_forms = False
    success_message = gettext_lazy("Thank you. Your answers are noted.")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.asks():
            open_texts.let_go_on(request)
            return redirect(self.get_success_url())
        return super().get(request, **kwargs)

    def asks(self) -> list[Ask]:
        """The open ones, or one consent that was declined or withdrawn and is answered anew."""
        again = self.request.GET.get("again", "")
        every = queries.asks_of(self.user)
        if again:
            return [ask for ask in every if ask.key == again and ask.text.is_consent]
        return [ask for ask in every if queries.is_open(ask)]

    def get_form(self, *posted: Any) -> OpenTextsForm:
        return OpenTextsForm(*posted, asks=self.asks())

    def get_context_data(self, form: Any) -> dict[str, Any]:
        keys = [ask.text.words[ask.text.language] for ask in form.asks.values()]
        words = VersionText.objects.in_bulk(keys)
        texts: dict[Any, dict[str, Any]] = {}
        for (key, ask), pk in zip(form.asks.items(), keys, strict=True):
            shown = texts.setdefault(pk, {"words": words[pk], "ask": ask, "url": path_of(ask.text.slug), "fields": []})
            shown["fields"].append(form[key])
            shown["is_new_version"] = ask.before is not None and ask.before.version.number < ask.text.number
        return {
            **super().get_context_data(form),
            "texts": list(texts.values()),
            "next": safe_next(self.request),
            "is_again": bool(self.request.GET.get("again")),
        }

    def perform(self, form: OpenTextsForm) -> None:
        given = [Given(key, form.cleaned_data[key] in (True, YES)) for key in form.asks]
        actions.answer_texts(given=given, by=self.user, now=clock.now(), address=client_address(self.request))
        if not self.request.GET.get("again"):
            open_texts.let_go_on(self.request)

    def get_success_url(self) -> str:
        return safe_next(self.request) or (reverse("agreements") if self.request.GET.get("again") else HOME)


class LaterView(ActionView):
    """Not now: one goes on, and is asked again after the next sign-in."""

    def perform(self) -> None:
        open_texts.let_go_on(self.request)

    def get_success_url(self) -> str:
        return safe_next(self.request) or HOME


class WithdrawalView(ActionView):
    """Take a consent back."""

    success_message = gettext_lazy("Your consent is withdrawn. Those who look after it have been told.")

    def load(self, pk: UUID) -> None:
        self.acceptance = permissions.get_own_acceptance(self.user, pk)

    def perform(self) -> Acceptance:
        path = reverse("legal:answers", args=[self.acceptance.version.text.slug])
        return actions.withdraw_consent(
            acceptance=self.acceptance, by=self.user, now=clock.now(), address=client_address(self.request), path=path
        )

    def get_success_url(self) -> str:
        return reverse("agreements")


def _row(ask: Ask) -> dict[str, Any]:
    before, open_url = ask.before, reverse("agreements_open")
    again = f"{open_url}?again={ask.key}"
    can_withdraw = ask.text.is_consent and before is not None and before.answer == Acceptance.Answer.ACCEPTED
    is_open = queries.is_open(ask)
    return {
        "title": ask.text.title,
        "client": ask.client.name if ask.client else "",
        "url": path_of(ask.text.slug, before.version.number) if before else path_of(ask.text.slug),
        "answer": before,
        "is_open": is_open,
        "answer_url": open_url if is_open else "",
        "again_url": again if ask.text.is_consent and before and not can_withdraw and not is_open else "",
        "withdrawal_url": reverse("agreement_withdrawal", args=[before.pk]) if can_withdraw and before else "",
    }


def _earlier(row: Acceptance, title: str) -> dict[str, Any]:
    can_withdraw = row.version.text.is_consent and row.answer == Acceptance.Answer.ACCEPTED
    return {
        "title": title,
        "client": row.client_name,
        "url": path_of(row.version.text.slug, row.version.number),
        "answer": row,
        "is_open": False,
        "withdrawal_url": reverse("agreement_withdrawal", args=[row.pk]) if can_withdraw else "",
    }
