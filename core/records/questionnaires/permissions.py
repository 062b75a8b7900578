"""Who may write forms, send them, fill them in and read what was answered: predicate, queryset and door side by side.

Whoever keeps a client's records sends forms and reads every answer. A form is filled in by the logins that act for the client, if the client's
permissions say so, and by one of them alone where it was sent to that one. An agent is not the client: agents neither fill in nor read.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from core.kernel.errors import NotFound
from core.people.models import Client, User
from core.people.permissions import can_act_for, clients_acted_for, is_active_staff, logins_acting_for
from core.people.roles import ClientPermission, Permission
from core.records.permissions import can_keep_records, clients_with_records
from core.records.questionnaires.models import (
    Questionnaire,
    QuestionnaireRequest,
    QuestionnaireResponse,
    ResponseFile,
)

READ, KEEP, ANSWER = "read", "keep", "answer"
OPEN = Q(answered_at=None, end=None)
RESPONSE_FILE = "response_file"  # what files of forms are brought for


def can_write_forms(user: Any) -> bool:
    """Make forms and change them."""
    return is_active_staff(user) and user.is_active and user.may(Permission.SEE_ALL_RECORDS)


def can_send_forms(user: Any) -> bool:
    """Send forms to somebody at all: whoever keeps anybody's records."""
    if not user.is_active or not is_active_staff(user):
        return False
    return user.may(Permission.SEE_ALL_RECORDS) or user.may(Permission.KEEP_RECORDS)


def forms_visible_to(user: Any) -> QuerySet[Questionnaire]:
    """Every form, for whoever may write or send them."""
    return Questionnaire.objects.all() if can_send_forms(user) else Questionnaire.objects.none()


def get_form(user: Any, pk: UUID, *, to: str = READ) -> Questionnaire:
    """The form; NotFound for strangers, PermissionDenied for those who may not write it (`to` = KEEP)."""
    found = forms_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"form {pk}")
    if to == KEEP and not can_write_forms(user):
        raise PermissionDenied("not allowed to change forms")
    return found


def may_be_answered_by(client: Client) -> list[User]:
    """The logins to whom a form about this client can be sent."""
    return logins_acting_for(client) if client.allows(ClientPermission.COMPLETE_REQUESTS) else []


def _is_theirs(user: Any, request: QuestionnaireRequest) -> bool:
    return not request.is_addressed or request.addressee_id == user.pk


def can_answer(user: Any, request: QuestionnaireRequest) -> bool:
    """Fill it in, and read what one's side has answered: a login of the client, or the one it was sent to."""
    if not user.is_active or not _is_theirs(user, request):
        return False
    return request.client.allows(ClientPermission.COMPLETE_REQUESTS) and can_act_for(user, request.client)


def requests_to(user: Any) -> QuerySet[QuestionnaireRequest]:
    """Every request for which `can_answer` holds."""
    if not user.is_active:
        return QuestionnaireRequest.objects.none()
    acted = clients_acted_for(user).filter(permissions__contains=[ClientPermission.COMPLETE_REQUESTS.value])
    theirs = Q(is_addressed=False) | Q(addressee=user.pk)
    return QuestionnaireRequest.objects.filter(theirs, client__in=acted.order_by().values("pk"))


def requests_kept_by(user: Any) -> QuerySet[QuestionnaireRequest]:
    """Every request about those whose records `user` keeps."""
    return QuestionnaireRequest.objects.filter(client__in=clients_with_records(user).order_by().values("pk"))


def requests_visible_to(user: Any) -> QuerySet[QuestionnaireRequest]:
    """Both together."""
    return QuestionnaireRequest.objects.filter(
        Q(pk__in=requests_kept_by(user).order_by().values("pk")) | Q(pk__in=requests_to(user).order_by().values("pk"))
    )


def can_answer_any(user: Any) -> bool:
    """For the first byte of a file, before it is known for which form."""
    return requests_to(user).filter(OPEN).exists()


def get_request(user: Any, pk: UUID, *, to: str = READ) -> QuestionnaireRequest:
    """The request with all that belongs to it; NotFound for strangers, PermissionDenied for those who may not do `to` with it."""
    found = loaded(requests_visible_to(user)).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"request {pk}")
    if to == KEEP and not can_keep_records(user, found.client):
        raise PermissionDenied("not allowed to keep this client's records")
    if to == ANSWER and not can_answer(user, found):
        raise PermissionDenied("not allowed to answer for this client")
    return found


def get_response(user: Any, pk: UUID) -> QuestionnaireResponse:
    """What was sent in, for whoever may read it. NotFound, also for what is still being written."""
    found = QuestionnaireResponse.objects.filter(pk=pk).exclude(submitted_at=None).first()
    if found is None:
        raise NotFound(f"response {pk}")
    request = get_request(user, found.request_id)
    return next(each for each in request.responses.all() if each.pk == pk)


def get_response_file(user: Any, pk: UUID) -> ResponseFile:
    """A file of a form, for whoever may read the form; of one that is not sent in, for those who fill it in."""
    found = ResponseFile.objects.select_related("response", "file__key").filter(pk=pk).first()
    if found is None:
        raise NotFound(f"file {pk}")
    request = get_request(user, found.response.request_id)
    if found.response.submitted_at is None and not can_answer(user, request):
        raise NotFound(f"file {pk}")
    return found


def loaded(requests: QuerySet[QuestionnaireRequest]) -> QuerySet[QuestionnaireRequest]:
    """With what a page shows of them."""
    return requests.select_related("client", "version", "addressee", "sent_by", "end__by").prefetch_related(
        "responses__files__file", "responses__signatures", "responses__submitted_by"
    )
