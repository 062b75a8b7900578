"""Live sessions on the dashboard."""

from django.http import HttpRequest

from portal.panels import Panel
from sessions_live.queries import waiting_for


def waiting_now(request: HttpRequest) -> Panel | None:
    """Who waits for this person; nothing while nobody does."""
    if request.user.staff is None:  # type: ignore[union-attr]
        return None
    waiting = waiting_for(request.user)  # type: ignore[arg-type]
    # First whether there is anybody, because mostly there is nobody, and rows of three tables are asked for in vain.
    return Panel("live/_waiting_panel.html", {"waiting": list(waiting[:20])}) if waiting.exists() else None
