"""The dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel import clock
from portal.access import SignedInView
from portal.manifests import dashboard_cards


class DashboardView(SignedInView):
    """What matters now, by hat: a practitioner's day, a guardian's next appointments, an agent's open invoices."""

    def get(self, request: HttpRequest) -> HttpResponse:
        panels = [panel for card in dashboard_cards() if (panel := card.panel(request)) is not None]
        context = {
            "panels": [panel for panel in panels if panel.wide],
            "side_panels": [panel for panel in panels if not panel.wide],
            "now": clock.now(),
        }
        return render(request, "dashboard/home.html", context)
