"""Where somebody else's name, host or mark shows to the organization's people: the newest report, and a new one on request."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.leak_walk.actions import ask_for_walk
from core.leak_walk.checklist.rows import MAY_BE_MISSING, ROWS, UNWALKED, Status
from core.leak_walk.models import LeakReport
from core.leak_walk.queries import is_under_way, latest_report
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import ActionView
from portal.settings_pages import settings_menu

UNLOOKED = (Status.ABSENT, Status.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row, in words."""

    title: str
    status: str
    seen: int
    reason: str
    findings: list[tuple[str, str]]


class ReportView(SignedInView):
    """The newest report: leaks first, then what shows on purpose, what is clean, and what was not looked at and why."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        report = latest_report()
        context = {
            "report": report,
            "is_under_way": is_under_way(),
            "settings_menu": settings_menu(request),
            **(_in_groups(report) if report else {}),
        }
        return render(request, "leak_walk/report.html", context)


class WalkView(ActionView):
    """Have a new one made."""

    needs = Permission.MANAGE_ORGANIZATION
    success_message = gettext_lazy("The report is being made. It is here in a few minutes.")

    def perform(self) -> None:
        ask_for_walk(by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("leak_walk:report")


def _in_groups(report: LeakReport) -> dict[str, Any]:
    rows = [_row(entry) for entry in report.rows if entry["row"] in ROWS]
    return {
        "leaks": [row for row in rows if row.status in (Status.LEAK, Status.UNSEEN)],
        "exceptions": [row for row in rows if row.status == Status.EXCEPTION],
        "clean": [row for row in rows if row.status == Status.PASSED],
        "unlooked": [row for row in rows if row.status in UNLOOKED],
    }


def _row(entry: dict[str, Any]) -> Row:
    code = entry["row"]
    reason = UNWALKED[code].reason if code in UNWALKED else MAY_BE_MISSING.get(code, "")
    return Row(_(ROWS[code]), entry["status"], entry["seen"], _(reason) if reason else "", entry["findings"])
