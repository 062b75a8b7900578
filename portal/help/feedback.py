"""“Was this helpful?”: yes counts at once; no does too, and asks why. Bots meet a field that people do not see, a form that knows when it was made,
and a limit; nobody else's service is asked (SUP-10).
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.help.feedback import FeedbackReason, answer, require_reason
from core.help.permissions import reads_staff_articles
from core.help.queries import Listed
from core.kernel import clock, sent_forms
from core.kernel.errors import DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from portal.help.views import HelpView
from portal.middleware import client_address

QUICKEST = timedelta(seconds=1)  # in which a person has read an article and answers
TRAP = "website"


class FeedbackView(HelpView):
    """One answer. A part of the page for htmx, a page of its own without scripts."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return redirect("help:article", slug=self.centre.get(slug).slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        article = self.centre.get(slug)
        key = request.POST.get("answer", "")[:100]
        if self.is_made_by_a_program(key):
            return self.said(article, state="thanks")
        if request.POST.get("helpful") == "yes":
            self.count(article, key, is_helpful=True)
            return self.said(article, state="thanks")
        return self.refused_or_asked(article, key)

    def refused_or_asked(self, article: Listed, key: str) -> HttpResponse:
        """A plain no is counted and asks why; a no with its reasons is counted with them."""
        post, reasons = self.request.POST, self.request.POST.getlist("reasons")
        comment = post.get("comment", "")
        if "why" not in post:
            self.count(article, key, is_helpful=False)
            return self.said(article, state="why", key=key)
        try:
            require_reason(reasons)
            require_plain(comment)
        except DomainError as refusal:
            shown = {"key": key, "error": refusal.message, "comment": comment, "chosen": reasons}
            return self.said(article, state="why", status=422, **shown)
        self.count(article, key, is_helpful=False, reasons=reasons, comment=comment)
        return self.said(article, state="thanks")

    def count(self, article: Listed, key: str, **values: Any) -> None:
        """Write it down, for one person or one network."""
        user = self.request.user
        who = str(user.pk) if user.is_authenticated else client_address(self.request) or ""
        answer(
            article.slug, language=self.language, key=key, by_staff=reads_staff_articles(user), who=who, now=clock.now(), **values
        )  # fmt: skip

    def is_made_by_a_program(self, key: str) -> bool:
        """Whether no person can have sent this: the field that is not seen is filled, or the form was never shown, or just now."""
        made_at = sent_forms.made_at(key)
        return bool(self.request.POST.get(TRAP)) or made_at is None or clock.now() - made_at < QUICKEST

    def said(self, article: Listed, *, state: str, status: int = 200, **context: Any) -> HttpResponse:
        """What stands in place of the question."""
        whole = {
            "article": article,
            "state": state,
            "reasons": [(each.value, translate(each.sentence)) for each in FeedbackReason],
            **context,
        }
        if self.request.htmx:  # type: ignore[attr-defined]
            return render(self.request, "help/_feedback.html", whole, status=status)
        self.template_name = "help/feedback.html"
        answer_page = self.shown(**whole)
        answer_page.status_code = status
        return answer_page
