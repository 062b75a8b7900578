"""Forms, by the same actions as the product's: Nora makes them, Tess sends them about Cleo."""

from types import SimpleNamespace
from typing import Any

from core.kernel import clock
from core.records.questionnaires import actions
from core.records.questionnaires.actions.responses import Evidence
from core.records.questionnaires.models import Questionnaire, QuestionnaireRequest, QuestionnaireResponse
from core.records.questionnaires.rules.questionnaires import Choice, Condition, Definition, Item, Kind

NASTY = "周二 🙂 שלום <b>“'& {{ x }} #emph[x]"
ITEMS = (
    Item("q1", Kind.PAGE, "About you"),
    Item("q2", Kind.TEXT, "How shall we call you?", is_required=True),
    Item("q3", Kind.ONE, "Have you been here before?", choices=(Choice("Yes", 2), Choice("No"))),
    Item("q4", Kind.LONG_TEXT, "What was it like?", is_required=True, condition=Condition("q3", "Yes")),
    Item("q5", Kind.SCALE, "How are you?", low_text="Bad", high_text="Good"),
    Item("q6", Kind.PAGE, "Papers"),
    Item("q7", Kind.FILE, "Letters"),
    Item("q8", Kind.DATE, "Since when?"),
    Item("q9", Kind.MANY, "Which?", choices=(Choice("A", 1), Choice("B", 3))),
    Item("q10", Kind.STATEMENT, "I agree.", is_required=True),
    Item("q11", Kind.SIGNATURE, "I sign.", is_required=True),
)
EVERYTHING = Definition("Before we begin", "Take your time.", True, ITEMS)
SHORT = Definition("Shortly", items=(Item("q1", Kind.TEXT, "Well?", is_required=True),))
FILLED: dict[str, Any] = {"q2": "Cleo", "q3": "No", "q5": 7, "q8": "2026-05-04", "q9": ["A", "B"], "q10": True, "q11": "Gus Guardian"}  # fmt: skip


def make_form(cast: SimpleNamespace, definition: Definition = EVERYTHING, **changes: Any) -> Questionnaire:
    """A form of the organization's."""
    return actions.create_form(definition, **{"by": cast.nora, "now": clock.now(), **changes})


def ask(cast: SimpleNamespace, definition: Definition = EVERYTHING, **changes: Any) -> QuestionnaireRequest:
    """That Cleo's logins fill it in."""
    form = changes.pop("form", None) or make_form(cast, definition)
    values = {"by": cast.tess, "now": clock.now(), **changes}
    [request] = actions.send_forms(changes.pop("client", cast.cleo), [form], **values)
    return request


def answer(
    cast: SimpleNamespace, request: QuestionnaireRequest, answers: dict[str, Any] | None = None, *, by: Any = None
) -> QuestionnaireResponse:
    """Filled in and sent, by Gus."""
    by, now = by or cast.gus, clock.now()
    response = actions.write_answers(request, answers or FILLED, seen=request.latest.revision, by=by, now=now)
    return actions.submit_answers(
        request, seen=response.revision, evidence=Evidence("192.0.2.7", "Browser"), by=by, now=now
    )
