"""All organizations: list, one organization, history, workers."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from branding.rules.stylesheet import brand_stylesheet
from core.kernel import clock
from portal.operator import presenters
from portal.operator.access import OperatorView
from portal.operator.branches import labels_of
from portal.operator.views.base import render_page
from tenants import domains, failed_tasks, failed_work
from tenants.models import Organization, Plan
from tenants.operators import queries
from themes.gallery import SAMPLE_BRAND
from themes.views import gallery

PER_PAGE = 25
EVENTS_SHOWN = 20


class HomeView(OperatorView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("operator:organizations")


class OrganizationsView(OperatorView):
    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = {key: request.GET.get(key, "").strip()[:100] for key in ("text", "state", "plan")}
        shown = Paginator(queries.organizations(**wanted), PER_PAGE).get_page(request.GET.get("page"))
        counts = queries.counts_by_state()
        return render_page(
            request,
            "operator/organizations.html",
            {
                "page": shown,
                "rows": [presenters.row(organization) for organization in shown],
                "wanted": wanted,
                "query": "&".join(f"{key}={value}" for key, value in wanted.items() if value),
                "states": Organization.State.choices,
                "plans": list(Plan.objects.filter(is_offered=True).values_list("code", "name")),
                "total": counts.total(),
                "active": counts["active"],
                "suspended": counts["suspended"],
                "leaving": counts["closing"] + counts["closed"],
            },
        )


class OrganizationView(OperatorView):
    def get(self, request: HttpRequest, organization_id: UUID) -> HttpResponse:
        organization = queries.get_organization(organization_id)
        usage = queries.usage_of(organization)
        history = queries.events(organization=organization)[:EVENTS_SHOWN]
        failing, hosts = failed_work.of(organization), domains.hosts_of(organization.pk)
        branches = labels_of(organization, hosts)
        return render_page(
            request,
            "operator/organization.html",
            {
                "subject": organization,
                "trail": presenters.trail(organization),
                "tone": presenters.TONES[organization.state],
                "usage": usage,
                "storage": presenters.size(usage.storage_bytes) if usage else "",
                "entitlements": presenters.entitlements(organization, now=clock.now()),
                "domains": [presenters.host(domain, branches) for domain in hosts],
                "history": [presenters.event(happened) for happened in history],
                "failing": failing,
                "failing_label": presenters.failure_label(failing) if failing else "",
            },
        )


class EventsView(OperatorView):
    def get(self, request: HttpRequest) -> HttpResponse:
        about = request.GET.get("about", "")
        prefix = {"organizations": "organization.", "hosts": "domain.", "operators": "operator."}.get(about, "")
        shown = Paginator(queries.events(action=prefix), PER_PAGE).get_page(request.GET.get("page"))
        tabs = [
            {"label": label, "url": f"?about={word}" if word else "?", "current": about == word}
            for label, word in (
                ("All", ""),
                ("Organizations", "organizations"),
                ("Hosts", "hosts"),
                ("Operators", "operators"),
            )
        ]
        values = {"page": shown, "history": [presenters.event(happened) for happened in shown], "tabs": tabs}
        return render_page(request, "operator/events.html", {**values, "query": f"about={about}" if prefix else ""})


class WorkersView(OperatorView):
    def get(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        workers = [(worker, presenters.is_stale(now - worker.at)) for worker in queries.workers()]
        alive = sum(not stale for _, stale in workers)
        tone, sentence = failed_work.health(now=now, alive=alive)
        failing = [presenters.failing(organization, row) for organization, row in failed_work.by_organization()]
        context = {
            "workers": workers,
            "tone": tone,
            "health": sentence,
            "failing": failing,
            "failing_tasks": [
                presenters.failing_task(row, organization) for row, organization in failed_tasks.all_failing()
            ],
            "tasks_health": failed_tasks.health(),
        }
        return render_page(request, "operator/workers.html", context)


class DesignView(OperatorView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return gallery(request)


class SampleBrandView(OperatorView):
    """The stylesheet of the gallery's brand, at the address where every organization has its own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(brand_stylesheet(SAMPLE_BRAND), content_type="text/css; charset=utf-8")
