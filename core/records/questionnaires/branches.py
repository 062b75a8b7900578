"""To which branch a form belongs that was sent: of the client it is about."""

from uuid import UUID

from branding.speaking import register
from core.people.branches import branch_of_meeting
from core.records.questionnaires.models import QuestionnaireRequest


def _of_request(request: QuestionnaireRequest, user_id: str) -> UUID | None:
    return branch_of_meeting([request.client], None, user_id)


def register_requests() -> None:
    """Let mail, push and notices ask. At start-up."""
    register("questionnaires.questionnairerequest", _of_request)
