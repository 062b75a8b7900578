"""Forms of the demo: the ready-made ones as the practice's own; one signed, one answered twice, one begun, one overdue."""

from datetime import datetime, timedelta
from typing import Any

from core.people.models import Client, User
from core.records.questionnaires import actions
from core.records.questionnaires.actions.responses import Evidence
from core.records.questionnaires.models import Questionnaire, QuestionnaireRequest
from core.records.questionnaires.permissions import may_be_answered_by
from core.records.questionnaires.starters import starters
from deploy.local.seed.people import Cast

_CONSENT = {"q2": True, "q3": True, "q4": "+49 30 5550 1234"}
_FEEDBACK = ({"q1": 6, "q2": 7}, {"q1": 8, "q2": 9, "q3": "The quiet beginning."})


def ask_for_forms(cast: Cast, *, now: datetime) -> None:
    """For the first three clients that somebody works with and for whom somebody signs in."""
    began = now - timedelta(days=28)
    forms = {code: actions.create_form(each, by=cast.owner, now=began) for code, each in starters()}
    kept = [each for each in cast.clients if each.is_active and each.assignments.exists() and may_be_answered_by(each)]
    for number, client in enumerate(kept[:3]):
        by = client.assignments.select_related("practitioner__user").order_by("pk")[0].practitioner.user
        login = may_be_answered_by(client)[0]
        consent = _send(client, forms["consent"], by=by, now=began)
        _answer(consent, {**_CONSENT, "q6": login.name}, by=login, now=began + timedelta(days=1))
        for week, answers in enumerate(_FEEDBACK):
            asked = _send(client, forms["feedback"], by=by, now=began + timedelta(days=7 * week + 3))
            _answer(asked, answers, by=login, now=began + timedelta(days=7 * week + 4))
        days = (5, -2, 3)[number]
        intake = _send(client, forms["intake"], by=by, now=now - timedelta(days=6), due=timedelta(days=days + 6))
        if number == 0:
            half = {"q2": client.first_name, "q6": "To speak in front of others without a lump in the throat."}
            actions.write_answers(intake, half, seen=0, by=login, now=now - timedelta(days=1))


def _send(
    client: Client, form: Questionnaire, *, by: User, now: datetime, due: timedelta | None = None
) -> QuestionnaireRequest:
    due_on = (now + due).date() if due is not None else None
    return actions.send_forms(client, [form], due_on=due_on, by=by, now=now)[0]


def _answer(request: QuestionnaireRequest, answers: dict[str, Any], *, by: User, now: datetime) -> None:
    response = actions.write_answers(request, answers, seen=0, by=by, now=now)
    evidence = Evidence("192.0.2.44", "Mozilla/5.0 (Linux; Android 15) Mobile")
    actions.submit_answers(request, seen=response.revision, evidence=evidence, by=by, now=now)
