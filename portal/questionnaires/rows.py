"""Requests as lists show them."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.records.questionnaires.models import QuestionnaireRequest

_TONES = {"open": "info", "answered": "success", "withdrawn": "neutral", "declined": "warning"}


def request_row(request: QuestionnaireRequest, *, today: date) -> dict[str, Any]:
    """One request: where it stands, and whether its day is over."""
    is_overdue = request.is_open and request.due_on is not None and request.due_on < today
    begun = request.is_open and any(each.revision for each in request.responses.all() if each.submitted_at is None)
    return {
        "request": request,
        "is_overdue": is_overdue,
        "is_new": request.state == "answered" and request.looked_at is None,
        "tone": "danger" if is_overdue else _TONES[request.state],
        "words": _("Overdue") if is_overdue else _("Begun") if begun else request.state_words,
    }


def sections(here: str) -> list[dict[str, Any]]:
    """The two lists of forms for those who work here."""
    pages = (("sent", _("Sent")), ("forms", _("Forms")))
    return [
        {"label": label, "url": reverse(f"questionnaires:{name}"), "current": name == here} for name, label in pages
    ]
