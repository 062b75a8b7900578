"""An organization brought live from a file: what would happen, then the run, then what became of each part. Run again, it changes nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.go_live.actions import go_live
from core.go_live.report import Outcome, Report
from core.go_live.wanted import Unreadable, read
from core.kernel import clock
from portal.operator.access import OperatorView
from portal.operator.forms import GoLiveForm
from portal.operator.views.base import TYPED, render_page

TONES = {
    Outcome.MADE: "success", Outcome.CHANGED: "info", Outcome.SAME: "neutral", Outcome.WAITING: "warning", Outcome.REFUSED: "danger"
}  # fmt: skip


class GoLiveView(OperatorView):
    """One page for all of it: what would happen changes nothing and may be asked again; a run that has done something is carried out once."""

    takes_kept_forms = True

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = self.typed_again()
        return self._page(request, GoLiveForm(typed), **({"notice": TYPED} if typed is not None else {}))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.once(lambda: self._look_or_run(request))

    def _look_or_run(self, request: HttpRequest) -> HttpResponse:
        form = GoLiveForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form, status=422)
        text = form.cleaned_data["text"]
        shown = GoLiveForm(initial={"text": text})
        try:
            wanted = read(text)
        except Unreadable as error:
            return self._page(request, shown, mistakes=error.mistakes, status=422)
        is_trial = request.POST.get("act") != "run"
        report = go_live(wanted, files=None, by=self.operator.email, now=clock.now(), is_trial=is_trial)
        if not is_trial and not report.has(Outcome.REFUSED):
            self.note_sent(reverse("operator:go_live"))
        return self._page(request, shown, status=422 if report.has(Outcome.REFUSED) else 200, **_shown(report))

    def _page(self, request: HttpRequest, form: GoLiveForm, *, status: int = 200, **values: Any) -> HttpResponse:
        return render_page(request, "operator/go_live.html", {"form": form, **values}, status=status)


def _shown(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "lines": [(line, TONES[line.outcome]) for line in report.lines],
        "is_refused": report.has(Outcome.REFUSED),
        "is_waiting": report.has(Outcome.WAITING),
    }
