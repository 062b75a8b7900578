"""Who is told that a form is to be filled in, and that one was."""

from typing import Any

from django.utils import formats

from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.messages import Content, Message
from core.people.models import User
from core.records.notifications import told_of_files
from core.records.permissions import can_keep_records
from core.records.questionnaires import outbox_names
from core.records.questionnaires.messages import (
    FORM_ANSWERED,
    FORM_DECLINED,
    FORM_REMINDER_NOTICE,
    FORM_SENT_NOTICE,
)
from core.records.questionnaires.models import QuestionnaireRequest
from core.records.questionnaires.permissions import can_answer, may_be_answered_by
from core.scheduling.messages import LOGIN_REASON
from tenants.absolute_urls import absolute_url, path_of


def page_of(request: QuestionnaireRequest) -> str:
    """Where it is filled in, and where its answers are read."""
    return path_of("questionnaires:request", request.pk)


def asked_of(request: QuestionnaireRequest) -> list[User]:
    """The logins who can fill it in now."""
    return [user for user in may_be_answered_by(request.client) if can_answer(user, request)]


def request_sent(request: QuestionnaireRequest, *, by: Any, turn: str, is_reminder: bool = False) -> None:
    """The notice, and the promise of the mail, to everybody who can fill it in. `turn`: which sending of this request it is."""
    notice = FORM_REMINDER_NOTICE if is_reminder else FORM_SENT_NOTICE
    for user in asked_of(request):
        if user.pk == getattr(by, "pk", None):
            continue
        with in_language_of(user):
            notices.post(
                notice, user_id=user.pk, path=page_of(request), concerns=request, clients=request.client.name, due=due_words(request)
            )  # fmt: skip
        outbox.enqueue(
            outbox_names.SEND_REQUEST,
            key=f"questionnaires:{request.pk}:{turn}:{user.pk}",
            by=by,
            about=request,
            request=str(request.pk),
            user=str(user.pk),
            is_reminder=is_reminder,
            path=page_of(request),
        )


def told_of_answers(request: QuestionnaireRequest) -> list[User]:
    """Whoever has sent it, as long as they keep the record; and those who work with the client, else those who look after all records."""
    told = list(told_of_files(request.client).users)
    sender = request.sent_by
    if sender not in told and can_keep_records(sender, request.client):
        told.append(sender)
    return told


def answers_sent(request: QuestionnaireRequest) -> None:
    """A notice that it was filled in."""
    _tell_staff(FORM_ANSWERED, request)


def request_declined(request: QuestionnaireRequest) -> None:
    """A notice that somebody would rather not."""
    _tell_staff(FORM_DECLINED, request)


def _tell_staff(message: Message, request: QuestionnaireRequest) -> None:
    for user in told_of_answers(request):
        with in_language_of(user):
            notices.post(message, user_id=user.pk, path=page_of(request), concerns=request, clients=request.client.name)


def due_words(request: QuestionnaireRequest) -> str:
    """Until when, in the language in force; empty without a day."""
    return formats.date_format(request.due_on, "DATE_FORMAT") if request.due_on else ""


def content(request: QuestionnaireRequest, *, path: str) -> Content:
    """What the mail says, in the language in force."""
    return Content(
        values={
            "clients": request.client.name if current_brand().names_in_mail else "",
            "due": due_words(request),
        },
        button_url=absolute_url(path),
        reason=translate(LOGIN_REASON),
    )
