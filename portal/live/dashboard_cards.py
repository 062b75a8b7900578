"""Live sessions on the dashboard."""

from django.http import HttpRequest

from portal.panels import Panel
from sessions_live.queries import waiting_for


def waiting_now(request: HttpRequest) -> Panel | None:
    """Who waits for this person; nothing while nobody does."""
    if request.user.staff is None:  # type: ignore[union-attr]
        return None
    waiting = list(waiting_for(request.user)[:20])  # type: ignore[arg-type]
    return Panel("live/_waiting_panel.html", {"waiting": waiting}) if waiting else None
