"""Reading forms and what came of them: those to be sent, those to be filled in, what was answered before."""

from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from core.people.models import Client
from core.records.questionnaires.models import Questionnaire, QuestionnaireRequest, QuestionnaireResponse
from core.records.questionnaires.permissions import OPEN, forms_visible_to, loaded, requests_kept_by, requests_to
from core.records.questionnaires.rules.questionnaires import can_be_sent
from core.scheduling.models import Appointment


def forms(user: Any, *, archived: bool = False) -> QuerySet[Questionnaire]:
    """The forms that somebody may see, with how often each was sent (`sent`)."""
    found = forms_visible_to(user).filter(archived_at__isnull=not archived)
    return found.annotate(sent=Count("versions__requests")).order_by("title", "pk")


def forms_to_send(user: Any) -> list[Questionnaire]:
    """Those that ask anything."""
    return [form for form in forms(user) if can_be_sent(form.definition)]


def requests_about(client: Client, user: Any, *, keeps: bool) -> QuerySet[QuestionnaireRequest]:
    """What was sent about a client: all of it for who keeps the record; for a login of theirs what it can answer, and has answered."""
    if keeps:
        found = requests_kept_by(user)
    else:
        found = requests_to(user).exclude(end__kind="withdrawn")
    return loaded(found.filter(client=client)).order_by("-sent_at", "-pk")


def to_fill_in(user: Any, *, appointment: Appointment | None = None) -> QuerySet[QuestionnaireRequest]:
    """What this login is still asked to fill in, the first to be due first; of an appointment: about those who take part."""
    found = requests_to(user).filter(OPEN)
    if appointment is not None:
        found = found.filter(client__in=appointment.participants.values("client_id"))
    return loaded(found).order_by(F("due_on").asc(nulls_last=True), "sent_at", "pk")


def outstanding(user: Any, *, state: str, today: date) -> QuerySet[QuestionnaireRequest]:
    """Over all clients whose records `user` keeps: `open`, `overdue`, `new` (answered and read by nobody who works here) or `answered`."""
    found = requests_kept_by(user)
    if state == "new":
        return loaded(found.filter(answered_at__isnull=False, looked_at=None, end=None)).order_by("-answered_at", "-pk")
    if state == "answered":
        return loaded(found.filter(answered_at__isnull=False, end=None)).order_by("-answered_at", "-pk")
    found = found.filter(OPEN)
    if state == "overdue":
        found = found.filter(due_on__lt=today)
    return loaded(found).order_by(F("due_on").asc(nulls_last=True), "sent_at", "pk")


def earlier_responses(request: QuestionnaireRequest) -> list[QuestionnaireResponse]:
    """What the same client has sent in of the same form, whatever its version, the latest last."""
    same = QuestionnaireResponse.objects.filter(
        request__client=request.client_id, request__version__questionnaire=request.version.questionnaire_id
    ).exclude(submitted_at=None)
    return list(same.select_related("request__version").prefetch_related("files").order_by("submitted_at", "pk"))
