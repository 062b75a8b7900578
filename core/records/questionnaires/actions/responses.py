"""Answers written, files added, and all of it sent in and signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.files.actions import keep_file, remove_file
from core.kernel import audit, turns
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.plain_text import is_plain_throughout
from core.kernel.translation import gettext_noop, translate
from core.people.models import User
from core.records.permissions import can_keep_records
from core.records.questionnaires import notifications
from core.records.questionnaires.actions.checks import hold_to_answer
from core.records.questionnaires.audit_codes import QuestionnaireAudit
from core.records.questionnaires.models import (
    QuestionnaireRequest,
    QuestionnaireResponse,
    ResponseFile,
    ResponseSignature,
)
from core.records.questionnaires.permissions import RESPONSE_FILE
from core.records.questionnaires.rules import responses as rules
from core.records.questionnaires.rules.questionnaires import Definition, Kind

SITTING = timedelta(minutes=30)  # within which whoever goes on writing, or opens parts of a file, does one thing
_REFUSALS = {
    "too_long": gettext_noop("That is too long."),
    "not_a_choice": gettext_noop("Choose one from the list."),
    "outside": gettext_noop("Choose a number of the scale."),
    "not_a_day": gettext_noop("Give a day."),
    "not_understood": gettext_noop("This answer was not understood."),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """From where somebody signs: the network address, and what their browser calls itself."""

    address: str = ""
    agent: str = ""


@transaction.atomic
def write_answers(
    request: QuestionnaireRequest, given: Mapping[str, Any], *, seen: int, by: Any, now: datetime
) -> QuestionnaireResponse:
    """Keep these answers beside those to other questions, finished or not. `seen`: the revision from which they were written.

    ConflictError `answers_moved_on`, and those of `checks.check_open`; DomainError at the question for what is no answer.
    """
    held, response = hold_to_answer(request, by=by)
    if response.revision != seen:
        raise ConflictError(
            "answers_moved_on",
            translate("Something was written here meanwhile, in another window or by somebody else."),
        )
    definition = held.version.definition
    for key, answer in given.items():
        _check_answer(definition, key, answer)
    before = response.answers
    wanted = {**before, **{key: each for key, each in given.items() if rules.is_answered(each)}}
    wanted = {key: each for key, each in wanted.items() if key not in given or rules.is_answered(given[key])}
    if wanted == before:
        return response
    response.keep(answers=wanted)
    _count(response, held, by=by, now=now)
    return response


def _check_answer(definition: Definition, key: str, answer: Any) -> None:
    item = definition.item(key)
    if item is None or not item.is_asked or item.kind is Kind.FILE:
        raise DomainError("unknown_question", translate("This is not asked here."))
    if not is_plain_throughout(answer):
        raise DomainError(
            "control_characters", translate("Remove the characters that cannot be seen: they are no text."), field=key
        )
    if code := rules.refusal_of(item, answer):
        raise DomainError(code, translate(_REFUSALS[code]), field=key)


def _count(response: QuestionnaireResponse, request: QuestionnaireRequest, *, by: Any, now: datetime) -> None:
    """One revision more; noted once in a sitting."""
    response.revision += 1
    response.written_by, response.written_at = by, now
    response.save(update_fields=["sealed", "revision", "written_by", "written_at"])
    if not audit.is_noted(QuestionnaireAudit.FORM_ANSWERS_WRITTEN, by=by, subject=request, since=now - SITTING):
        audit.record(QuestionnaireAudit.FORM_ANSWERS_WRITTEN, by=by, subject=request, changes={"answers": ["…", "…"]})


@transaction.atomic
def add_response_file(request: QuestionnaireRequest, key: str, *, given: Any, by: Any, now: datetime) -> ResponseFile:
    """A file for a question that asks for files. Errors: those of `core.files.actions.keep_file`; DomainError `many_files` at the question."""
    held, response = hold_to_answer(request, by=by)
    item = held.version.definition.item(key)
    if item is None or item.kind is not Kind.FILE:
        raise DomainError("unknown_question", translate("This is not asked here."))
    if ResponseFile.objects.filter(response=response, item_key=key).count() >= rules.MOST_FILES:
        raise DomainError("many_files", translate("At most %(most)s files.", most=rules.MOST_FILES), field=key)
    file = keep_file(given=given, purpose=RESPONSE_FILE, by=by, now=now)
    row = ResponseFile.objects.create(response=response, item_key=key, file=file, added_at=now)
    audit.record(QuestionnaireAudit.FORM_FILE_ADDED, by=by, subject=held)
    return row


@transaction.atomic
def remove_response_file(row: ResponseFile, *, by: Any, now: datetime) -> None:
    """Take a file back, as long as the form is not sent in."""
    held, response = hold_to_answer(row.response.request, by=by)
    found = ResponseFile.objects.select_related("file").filter(pk=row.pk, response=response).first()
    if found is None:
        raise NotFound(f"file {row.pk}")
    audit.record(QuestionnaireAudit.FORM_FILE_REMOVED, by=by, subject=held)
    file = found.file
    found.delete()
    if not ResponseFile.objects.filter(file=file).exists():
        remove_file(file=file, by=by)


@transaction.atomic
def submit_answers(
    request: QuestionnaireRequest, *, seen: int, evidence: Evidence, by: User, now: datetime
) -> QuestionnaireResponse:
    """Send in what is written: from now on nobody changes it. What is not asked after these answers is left out. `seen`: as of `write_answers`.

    DomainError `answers_missing` where something that must be answered is not.
    """
    held, response = hold_to_answer(request, by=by)
    if response.revision != seen:
        raise ConflictError(
            "answers_moved_on",
            translate("Something was written here meanwhile, in another window or by somebody else."),
        )
    definition, given = held.version.definition, response.with_files
    if rules.missing(definition, given):
        raise DomainError("answers_missing", translate("Some answers are still missing."))
    answered = rules.asked_answers(definition, given)
    _drop_files(response, answered, by=by)
    files = {item.key for item in definition.items if item.kind is Kind.FILE}
    digest = rules.digest(definition, _with_digests(response, answered))
    kept = {key: each for key, each in answered.items() if key not in files}
    response.keep(answers=kept, digest=digest, submitter=by.name)
    response.revision += 1
    response.written_by, response.written_at = by, now
    response.submitted_by, response.submitted_at = by, now
    response.save()
    _sign(response, definition, kept, digest, evidence, by=by, now=now)
    held.answered_at, held.looked_at = now, None
    held.save(update_fields=["answered_at", "looked_at"])
    audit.record(QuestionnaireAudit.FORM_ANSWERS_SUBMITTED, by=by, subject=held)
    notifications.answers_sent(held)
    return response


def _drop_files(response: QuestionnaireResponse, answered: Mapping[str, Any], *, by: Any) -> None:
    """Those of questions that are not asked any more."""
    for row in list(
        ResponseFile.objects.filter(response=response).exclude(item_key__in=answered).select_related("file")
    ):
        file = row.file
        row.delete()
        if not ResponseFile.objects.filter(file=file).exists():
            remove_file(file=file, by=by)


def _with_digests(response: QuestionnaireResponse, answered: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with the checksums of the files in place of their ids."""
    sums: dict[str, list[str]] = {}
    for row in ResponseFile.objects.filter(response=response).select_related("file"):
        sums.setdefault(row.item_key, []).append(row.file.sha256)
    return {**answered, **sums}


def is_intact(response: QuestionnaireResponse) -> bool:
    """Whether what was asked and answered is still, letter for letter, what was sent in."""
    given = _with_digests(response, response.answers)
    return response.is_readable and rules.digest(response.request.version.definition, given) == response.digest


def _sign(
    response: QuestionnaireResponse, definition: Definition, answered: Mapping[str, Any], digest: str, evidence: Evidence, *, by: User, now: datetime
) -> None:  # fmt: skip
    """A row for each signature and each statement that was agreed to."""
    signed = [i for i in definition.asked if i.kind in (Kind.SIGNATURE, Kind.STATEMENT) and i.key in answered]
    for item in signed:
        name = answered[item.key] if item.kind is Kind.SIGNATURE else by.name
        row = ResponseSignature(response=response, item_key=item.key, user=by, signed_at=now)
        row.keep(
            name=name, login=by.name, email=by.email, address=evidence.address, agent=evidence.agent[:300], digest=digest
        )  # fmt: skip
        row.save()
    if signed:
        audit.record(
            QuestionnaireAudit.FORM_ANSWERS_SIGNED, by=by, subject=response.request, changes={"digest": [None, digest]}
        )


@transaction.atomic
def answers_read(request: QuestionnaireRequest, *, by: Any, now: datetime) -> None:
    """Keep that somebody has read what was answered; the first time by whoever keeps the record it is new no longer."""
    if not request.is_open and request.looked_at is None and can_keep_records(by, request.client):
        QuestionnaireRequest.objects.filter(pk=request.pk, looked_at=None).update(looked_at=now)
    audit.record(QuestionnaireAudit.FORM_ANSWERS_READ, by=by, subject=request)


@transaction.atomic
def response_file_read(row: ResponseFile, *, by: Any, now: datetime, is_part: bool = False) -> None:
    """Keep that somebody has opened a file; parts of one file are one reading as long as it goes on."""
    subject = row.response.request
    if is_part:
        turns.hold_until_commit(f"questionnaires.read:{row.pk}:{by.pk}")
        if audit.is_noted(QuestionnaireAudit.FORM_FILE_READ, by=by, subject=subject, since=now - SITTING):
            return
    audit.record(QuestionnaireAudit.FORM_FILE_READ, by=by, subject=subject)
