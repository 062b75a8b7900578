"""Forms sent, reminded of, taken back, declined and opened again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.models import Client, User
from core.records.permissions import can_keep_records
from core.records.questionnaires import notifications
from core.records.questionnaires.actions.checks import check_open, checked_message, hold_for_keeper, hold_request
from core.records.questionnaires.audit_codes import QuestionnaireAudit
from core.records.questionnaires.models import (
    Questionnaire,
    QuestionnaireRequest,
    QuestionnaireRequestEnd,
    QuestionnaireResponse,
    QuestionnaireVersion,
    ResponseFile,
)
from core.records.questionnaires.permissions import OPEN, can_answer, may_be_answered_by
from core.records.questionnaires.rules.questionnaires import Kind, can_be_sent

BEFORE_DUE = timedelta(days=2)  # so long before the day a reminder goes out, and once more when it is over
MOST_AT_ONCE = 20
PAUSE = timedelta(hours=20)  # between two reminders


@transaction.atomic
def send_forms(
    client: Client, forms: Sequence[Questionnaire], *, addressee: User | None = None, message: str = "", due_on: date | None = None,
    reminds: bool = True, by: Any, now: datetime,
) -> list[QuestionnaireRequest]:  # fmt: skip
    """Ask for these forms, each in the version that stands there now. `addressee`: the only login that fills them in and reads the answers.

    DomainError `no_forms`, `not_to_send`, `nobody_answers`, `past_day`, `already_asked`.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if not can_keep_records(by, client):
        raise PermissionDenied("not allowed to keep this client's records")
    _check_sending(client, forms, addressee, due_on, now=now)
    message = checked_message(message, field="message")
    held = Questionnaire.objects.select_for_update(no_key=True).filter(pk__in=[form.pk for form in forms])
    by_id = {form.pk: form for form in held.order_by("pk")}
    made = []
    for form in dict.fromkeys(forms):
        version = _version_of(by_id[form.pk], by=by, now=now)
        request = QuestionnaireRequest(
            client=client, version=version, addressee=addressee, is_addressed=addressee is not None, sent_by=by, sent_at=now,
            due_on=due_on, reminds=reminds and due_on is not None,
        )  # fmt: skip
        request.keep(message=message)
        request.save()
        QuestionnaireResponse.objects.create(request=request)
        audit.record(QuestionnaireAudit.FORM_REQUEST_SENT, by=by, subject=request)
        notifications.request_sent(request, by=by, turn="1")
        made.append(request)
    return made


def _check_sending(
    client: Client, forms: Sequence[Questionnaire], addressee: User | None, due_on: date | None, *, now: datetime
) -> None:
    if not forms or len(forms) > MOST_AT_ONCE:
        raise DomainError("no_forms", translate("Choose at least one form."), field="chosen")
    logins = may_be_answered_by(client)
    if not logins:
        raise DomainError(
            "nobody_answers",
            translate("Nobody can fill it in: %(name)s has no login that may, or is not active.", name=client.name),
        )
    if addressee is not None and addressee not in logins:
        raise DomainError("not_a_login", translate("Choose one from the list."), field="addressee")
    if due_on is not None and due_on < (now - timedelta(days=1)).date():
        raise DomainError("past_day", translate("This day is over."), field="due_on")
    if due_on is not None and due_on > (now + timedelta(days=3660)).date():
        raise DomainError("late_day", translate("This day is too far ahead."), field="due_on")
    asked = QuestionnaireRequest.objects.filter(OPEN, client=client, version__questionnaire__in=forms)
    if addressee is not None:
        asked = asked.filter(addressee=addressee)
    if twice := asked.select_related("version").first():
        raise ConflictError(
            "already_asked",
            translate("“%(title)s” is still to be filled in. Remind of that one, or take it back.", title=twice.title),
            field="chosen",
        )


def _version_of(form: Questionnaire, *, by: Any, now: datetime) -> QuestionnaireVersion:
    """The form as it stands, which is held: a version of it, a new one where somebody has changed it since the last."""
    if form.archived_at is not None or not can_be_sent(form.definition):
        raise ConflictError(
            "not_to_send",
            translate("“%(title)s” cannot be sent: it asks nothing yet, or was put away.", title=form.title),
            field="chosen",
        )
    latest = form.versions.first()
    if latest is not None and latest.definition == form.definition:
        return latest
    number = latest.number + 1 if latest is not None else 1
    return QuestionnaireVersion.objects.create(
        questionnaire=form, number=number, kept=form.kept, made_by=by, made_at=now
    )


@transaction.atomic
def remind(request: QuestionnaireRequest, *, by: Any, now: datetime) -> QuestionnaireRequest:
    """Tell once more that it is to be filled in. ConflictError `just_reminded` within a day of the last time."""
    held = hold_for_keeper(request, by=by)
    check_open(held)
    latest = held.reminded_at or held.sent_at
    if now - latest < PAUSE:
        raise ConflictError("just_reminded", translate("They were told less than a day ago. Try again tomorrow."))
    _remind(held, by=by, now=now)
    return held


def _remind(held: QuestionnaireRequest, *, by: Any, now: datetime) -> None:
    held.reminded_at = now
    held.save(update_fields=["reminded_at"])
    audit.record(QuestionnaireAudit.FORM_REQUEST_REMINDED, by=by, subject=held)
    notifications.request_sent(held, by=by, turn=now.isoformat(), is_reminder=True)


def remind_of_what_is_due(*, now: datetime) -> None:
    """Twice for each that is open: two days before its day, and once it is over. Every night; a night that failed is made up for."""
    soon = (now + BEFORE_DUE + timedelta(days=1)).date()
    asked = QuestionnaireRequest.objects.filter(
        OPEN, reminds=True, due_on__lte=soon, client__status=Client.Status.ACTIVE
    )
    for pk in asked.order_by("pk").values_list("pk", flat=True):
        _remind_if_due(pk, now=now)


@transaction.atomic
def _remind_if_due(pk: Any, *, now: datetime) -> None:
    held = hold_request(QuestionnaireRequest(pk=pk))
    today = now.astimezone(ZoneInfo(held.client.time_zone)).date()
    if not held.is_open or held.due_on is None:
        return
    days = [held.due_on - BEFORE_DUE, held.due_on + timedelta(days=1)]
    due = [day for day in days if day <= today]
    told = (held.reminded_at or held.sent_at).astimezone(ZoneInfo(held.client.time_zone)).date()
    if due and told < due[-1]:
        _remind(held, by=audit.SYSTEM, now=now)


@transaction.atomic
def withdraw_request(request: QuestionnaireRequest, *, by: Any, now: datetime) -> QuestionnaireRequest:
    """It need not be filled in any more. What was written so far stays where it is, and comes back if it is opened again."""
    held = hold_for_keeper(request, by=by)
    check_open(held)
    QuestionnaireRequestEnd.objects.create(request=held, kind="withdrawn", by=by, at=now)
    audit.record(QuestionnaireAudit.FORM_REQUEST_WITHDRAWN, by=by, subject=held)
    return held


@transaction.atomic
def decline_request(request: QuestionnaireRequest, *, reason: str = "", by: Any, now: datetime) -> QuestionnaireRequest:
    """A login of the client would rather not; whoever has sent it is told."""
    held = hold_request(request)
    if not can_answer(by, held):
        raise PermissionDenied("not allowed to answer for this client")
    check_open(held)
    end = QuestionnaireRequestEnd(request=held, kind="declined", by=by, at=now)
    end.keep(reason=checked_message(reason, field="reason"))
    end.save()
    audit.record(QuestionnaireAudit.FORM_REQUEST_DECLINED, by=by, subject=held)
    notifications.request_declined(held)
    return held


@transaction.atomic
def reopen_request(
    request: QuestionnaireRequest, *, message: str = "", due_on: date | None = None, by: Any, now: datetime
) -> QuestionnaireRequest:
    """Let it be filled in once more, from what was answered; what was signed is to be signed anew. What was sent in before stays as it was.

    ConflictError `still_open`; DomainError `nobody_answers`.
    """
    held = hold_for_keeper(request, by=by)
    if held.is_open:
        raise ConflictError("still_open", translate("This form is open: it can be filled in."))
    if not notifications.asked_of(held):
        raise DomainError("nobody_answers", translate("Nobody can fill it in at the moment."))
    if due_on is not None and due_on < (now - timedelta(days=1)).date():
        raise DomainError("past_day", translate("This day is over."), field="due_on")
    QuestionnaireRequestEnd.objects.filter(request=held).delete()
    if held.answered_at is not None:
        _go_on_from(held.latest, held)
    held.keep(message=checked_message(message, field="message"))
    held.answered_at = held.looked_at = held.reminded_at = None
    held.due_on, held.reminds, held.sent_at = due_on, due_on is not None, now
    held.save()
    audit.record(QuestionnaireAudit.FORM_REQUEST_REOPENED, by=by, subject=held)
    notifications.request_sent(held, by=by, turn=now.isoformat())
    return QuestionnaireRequest.objects.get(pk=held.pk)


def _go_on_from(before: QuestionnaireResponse, request: QuestionnaireRequest) -> None:
    anew = {item.key for item in request.version.definition.items if item.kind in (Kind.SIGNATURE, Kind.STATEMENT)}
    response = QuestionnaireResponse(request=request, number=before.number + 1)
    response.keep(answers={key: each for key, each in before.answers.items() if key not in anew})
    response.save()
    ResponseFile.objects.bulk_create(
        ResponseFile(response=response, item_key=row.item_key, file=row.file, added_at=row.added_at)
        for row in before.files.all()
    )
