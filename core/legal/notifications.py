"""Who is told of what people answer."""

from core.legal.messages import CONSENT_WITHDRAWN
from core.legal.models import Acceptance
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.permissions import staff_with
from core.people.roles import Permission


def consent_withdrawn(acceptance: Acceptance, *, titles: dict[str, str], path: str) -> None:
    """A notice to everybody who looks after legal texts; `titles`: by language."""
    for member in staff_with(Permission.MANAGE_LEGAL_TEXTS).filter(user__is_active=True):
        with in_language_of(member.user):
            notices.post(
                CONSENT_WITHDRAWN, user_id=member.user_id, path=path, person=acceptance.user_name,
                consent=titles.get(member.user.reads) or next(iter(titles.values()), ""), client=acceptance.client_name,
            )  # fmt: skip
