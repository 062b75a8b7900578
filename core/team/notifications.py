"""Who is told of cards."""

from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.permissions import staff_with
from core.people.roles import Permission
from core.team.messages import CARD_WAITS
from core.team.models import PublicCard


def card_waits(card: PublicCard, *, path: str) -> None:
    """A notice to everybody who may release it."""
    for member in staff_with(Permission.MANAGE_STAFF).filter(user__is_active=True):
        with in_language_of(member.user):
            notices.post(CARD_WAITS, user_id=member.user_id, path=path, person=card.name)
