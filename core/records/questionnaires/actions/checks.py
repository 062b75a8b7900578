"""What every act about a form begins with: the rows held, the person allowed, the act open."""

from typing import Any

from django.core.exceptions import PermissionDenied

from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.plain_text import is_plain_throughout
from core.kernel.translation import gettext_noop, translate
from core.records.permissions import can_keep_records
from core.records.questionnaires.models import (
    MESSAGE,
    Questionnaire,
    QuestionnaireRequest,
    QuestionnaireResponse,
)
from core.records.questionnaires.permissions import can_answer, can_write_forms, loaded
from core.records.questionnaires.rules.questionnaires import Definition, refusal_of

_CLOSED = {
    "answered": ("request_answered", gettext_noop("This form has been filled in and sent by now.")),
    "withdrawn": ("request_withdrawn", gettext_noop("This form has been taken back: it need not be filled in any more.")),
    "declined": ("request_declined", gettext_noop("Somebody has said that they would rather not fill in this form.")),
}  # fmt: skip
_REFUSALS = {
    "title": gettext_noop("Give the form a title of at most 150 letters."),
    "intro": gettext_noop("The introduction is too long."),
    "many_items": gettext_noop("A form has at most 150 parts."),
    "no_text": gettext_noop("Write what is asked."),
    "long_text": gettext_noop("That is too long."),
    "few_choices": gettext_noop("Give at least two answers to choose from."),
    "choices": gettext_noop("Give at most 30 answers, each of at most 200 letters."),
    "choice_twice": gettext_noop("One answer stands there twice."),
    "points": gettext_noop("Points go from -1000 to 1000."),
    "scale": gettext_noop("A scale goes from a lower to a higher number, between 0 and 100."),
    "condition_later": gettext_noop("A question can only depend on one that stands before it."),
    "condition_kind": gettext_noop("A question can only depend on a choice, a scale or a statement."),
    "condition_value": gettext_noop("The answer on which this depends is not there any more."),
}
# At which field of the item's form a refusal stands.
_FIELDS = {
    "title": "title", "intro": "intro", "no_text": "text", "long_text": "text", "few_choices": "choices", "choices": "choices",
    "choice_twice": "choices", "points": "choices", "scale": "high", "condition_later": "condition", "condition_kind": "condition",
    "condition_value": "condition",
}  # fmt: skip


def hold_form(form: Questionnaire, *, by: Any) -> Questionnaire:
    """The form as it is now, held until the end of the transaction, for somebody who may write it."""
    held = Questionnaire.objects.select_for_update(no_key=True).filter(pk=form.pk).first()
    if held is None:
        raise NotFound(f"form {form.pk}")
    if not can_write_forms(by):
        raise PermissionDenied("not allowed to change forms")
    return held


def check_definition(definition: Definition) -> None:
    """DomainError with the reason where nobody could fill it in."""
    if not is_plain_throughout(_plain(definition.kept())):
        raise DomainError(
            "control_characters", translate("Remove the characters that cannot be seen: they are no text.")
        )
    refusal = refusal_of(definition)
    if refusal is not None:
        said = translate(_REFUSALS.get(refusal.code, _REFUSALS["long_text"]))
        item = definition.item(refusal.key)
        if item is not None and refusal.code.startswith("condition"):
            said = f"{said} ({item.text[:80]})"
        raise DomainError(refusal.code, said, field=_FIELDS.get(refusal.code))


def _plain(kept: Any) -> Any:
    """With lists for tuples, which the check of texts goes into."""
    if isinstance(kept, dict):
        return {name: _plain(each) for name, each in kept.items()}
    return [_plain(each) for each in kept] if isinstance(kept, list | tuple) else kept


def hold_request(request: QuestionnaireRequest) -> QuestionnaireRequest:
    """The request as it is now, held until the end of the transaction."""
    if QuestionnaireRequest.objects.select_for_update(no_key=True).filter(pk=request.pk).first() is None:
        raise NotFound(f"request {request.pk}")
    return loaded(QuestionnaireRequest.objects.all()).get(pk=request.pk)


def hold_for_keeper(request: QuestionnaireRequest, *, by: Any) -> QuestionnaireRequest:
    """The same for whoever keeps the client's records."""
    held = hold_request(request)
    if not can_keep_records(by, held.client):
        raise PermissionDenied("not allowed to keep this client's records")
    return held


def hold_to_answer(request: QuestionnaireRequest, *, by: Any) -> tuple[QuestionnaireRequest, QuestionnaireResponse]:
    """The same for whoever fills it in, with what is written so far. ConflictError when it is not open any more."""
    held = hold_request(request)
    if not can_answer(by, held):
        raise PermissionDenied("not allowed to answer for this client")
    check_open(held)
    response = held.latest
    if not response.is_readable:
        raise ConflictError(
            "text_unreadable",
            translate("What is written here cannot be read at the moment, so that nothing can be added. Tell whoever has sent it."),
        )  # fmt: skip
    return held, response


def check_open(request: QuestionnaireRequest) -> None:
    """ConflictError that says why, when it cannot be filled in any more."""
    if not request.is_open:
        code, sentence = _CLOSED[request.state]
        raise ConflictError(code, translate(sentence))


def checked_message(message: str, *, field: str) -> str:
    """What is said with a form, as it is kept."""
    message = message.strip()
    if not is_plain_throughout(message):
        raise DomainError(
            "control_characters", translate("Remove the characters that cannot be seen: they are no text."), field=field
        )
    if len(message) > MESSAGE:
        raise DomainError("long_message", translate("At most %(most)s letters.", most=MESSAGE), field=field)
    return message
