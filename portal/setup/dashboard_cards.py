"""The setup guide on the dashboard, until everything is done or somebody has put it away."""

from django.http import HttpRequest

from portal import setup_return
from portal.panels import Panel
from portal.setup_guide import SEES, guide_for


def setup_guide(request: HttpRequest) -> Panel | None:
    """For whoever may bring the organization live."""
    if not request.user.may(SEES):  # type: ignore[union-attr]
        return None
    guide = guide_for(request.user)  # type: ignore[arg-type]
    if guide.is_finished or guide.put_away:
        return None
    setup_return.end(request)
    return Panel("setup/_panel.html", {"guide": guide})
