"""What the invitation would say of the latest one."""

from core.notifications.messages import Content
from core.people import messages
from core.people.models import Invitation, User
from core.people.notifications import invitation_content
from core.people.roles import Permission


def _invitation(user: User) -> Content | None:
    """Without its link, because a preview opens no door."""
    if not user.may(Permission.MANAGE_ORGANIZATION):
        return None
    latest = Invitation.objects.select_related("user", "inviter").order_by("-created_at").first()
    return invitation_content(latest, link="#") if latest is not None else None


PREVIEWS = {messages.INVITATION: _invitation}
