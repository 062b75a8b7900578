"""Questions about personal links and those who came by them."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.people.models import Client, StaffMember
from core.people.queries import active_staff
from core.scheduling.rules import wall_time
from sessions_live.models import Admission, LiveSettings
from sessions_live.personal_links.models import LinkGuest, PersonalLink, RetiredSlug
from sessions_live.rules import guest_names
from sessions_live.rules.link_opening import LinkOpening, LinkState, link_opening


def link_of(staff: StaffMember) -> PersonalLink | None:
    """The link of somebody who works here, if they have looked at it already."""
    return PersonalLink.objects.select_related("staff__user").filter(staff=staff).first()


def link_at(slug: str) -> PersonalLink | None:
    """The link with this address today."""
    return PersonalLink.objects.select_related("staff__user").filter(slug=slug.lower()).first()


def link_once_at(slug: str) -> PersonalLink | None:
    """The link that had this address before it was reset: nobody is told of it, except who had come by that address."""
    retired = RetiredSlug.objects.select_related("link__staff__user").filter(slug=slug.lower()).first()
    return retired.link if retired else None


def visit_of(link: PersonalLink, slug: str, user: Any) -> LinkGuest | None:
    """The row of somebody who is signed in and came to the link by this address."""
    if not (user.is_authenticated and user.is_active):
        return None
    return link.guests.filter(user=user, slug=slug.lower()).first()


def opening_of_link(link: PersonalLink, *, now: datetime) -> LinkOpening:
    """Whether somebody who comes now is taken."""
    owner = link.staff
    state = LinkState(
        is_allowed=LiveSettings.current().links_allowed,
        is_locked=link.is_locked,
        works_here=owner.is_active and owner.user.is_active,
        hours=link.hours,
        zone=wall_time.zone(owner.user.time_zone),
    )
    return link_opening(state, now=now)


def calls_of_link(link: PersonalLink) -> QuerySet[LinkGuest]:
    """Who came by the link, the latest first, with what became of each of their visits."""
    visits = Admission.objects.filter(guest=OuterRef("pk"))
    found = link.guests.filter(user=None).exclude(slug="").annotate(has_knocked=Exists(visits)).filter(has_knocked=True)
    return found.select_related("client", "blocked_by").prefetch_related("admissions")


def calls_of_client(client: Client) -> QuerySet[LinkGuest]:
    """The calls by link that a host has noted on this client, the latest first."""
    return client.link_calls.select_related("link__staff__user").prefetch_related("admissions")


def is_namesake(name: str) -> bool:
    """Whether somebody who works here bears this name, or one that looks the same."""
    names = active_staff().values_list("user__name", "user__short_name")
    return guest_names.is_namesake(name, (each for pair in names for each in pair if each))
