"""Live sessions on the dashboard."""

from django.http import HttpRequest
from django.utils.translation import get_language

from branding.queries import branch_in_force
from core.notifications.texts import text_in_force
from portal.panels import Panel
from sessions_live import messages, notifications
from sessions_live.queries import waiting_for


def waiting_now(request: HttpRequest) -> Panel | None:
    """Who waits for this person; nothing while nobody does."""
    if request.user.staff is None:  # type: ignore[union-attr]
        return None
    waiting = waiting_for(request.user)  # type: ignore[arg-type]
    # First whether there is anybody, because mostly there is nobody, and rows of three tables are asked for in vain.
    if not waiting.exists():
        return None
    text = text_in_force(messages.WAITING, get_language() or "en", branch_in_force())
    rows = [
        (one, notifications.waiting_notice(one.room, one, host=request.user, text=text)["body"])  # type: ignore[arg-type]
        for one in waiting[:20]
    ]
    return Panel("live/_waiting_panel.html", {"waiting": rows})
