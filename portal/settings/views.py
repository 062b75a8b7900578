"""The organization's audit."""

import re

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel import audit, search_keys
from core.kernel.models import AuditEvent
from core.people.models import User
from core.people.queries import LATEST_EVENTS, found_by
from core.people.roles import Permission
from portal.access import SignedInView
from portal.periods import period_of
from portal.settings_pages import settings_menu

PER_PAGE = 50
MOST_PEOPLE = 50  # to choose from
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class AuditListView(SignedInView):
    """Who did or read what."""

    needs = Permission.SEE_AUDIT

    def get(self, request: HttpRequest) -> HttpResponse:
        events = AuditEvent.objects.all()
        query, by, period = request.GET.get("q", "").strip()[:80], request.GET.get("by", "")[:40], period_of(request)
        events = events.alias(search_key=search_keys.folded("actor_label", "subject_label"))
        events = found_by(query, events, lambda word: word.in_("search_key"))
        if by:
            events = events.filter(actor_id=by)
        page = Paginator(events.filter(**period.instants("at")), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "events": [(event, audit.sentence_of(event)) for event in page],
            "query": query,
            "by": by,
            "people": _who_acts(by),
            "period": period,
            "settings_menu": settings_menu(request),
        }
        return render(request, "settings/audit.html", context)


def _who_acts(chosen: str) -> list[tuple[str, str]]:
    """Those who work here, for the choice; of all the other logins only the one that is chosen already by its name in the list.

    Where many work, those of them who acted last: the search finds the others by name.
    """
    wanted = Q(staff_member__isnull=False)
    if User.objects.filter(wanted).count() > MOST_PEOPLE:
        latest = AuditEvent.objects.order_by("-at").values_list("actor_id", flat=True)[:LATEST_EVENTS]
        acted = [key for key in dict.fromkeys(latest) if UUID_SHAPE.fullmatch(key)]
        wanted &= Q(pk__in=acted[:MOST_PEOPLE])
    if UUID_SHAPE.fullmatch(chosen):
        wanted |= Q(pk=chosen)
    return [(str(pk), name) for pk, name in User.objects.filter(wanted).order_by("sort_key").values_list("pk", "name")]
