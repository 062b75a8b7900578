"""The people of this app whom forms choose from, and the address at which scripts find them."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.kernel.errors import NotFound
from core.people import permissions, queries
from core.people.models import Agent, Assignment, Client, StaffMember, User
from core.people.roles import Permission
from portal.access import SignedInView
from portal.person_choices import (
    About,
    Choice,
    Offer,
    Source,
    describe_client,
    describe_staff,
    key_of,
    own_and_recent,
    register,
    source_named,
    with_practitioners,
)


def clients_offered(user: User, about: About) -> QuerySet[Client]:
    """Whom this person sees; those in the archive only for who looks there."""
    return permissions.clients_visible_to(user).filter(archived_at=None)


def _unassigned(user: User, about: About) -> QuerySet[Client]:
    """Those whom this person may change and who are not with the practitioner yet."""
    if not user.may(Permission.MANAGE_CLIENTS):
        raise PermissionDenied
    found = clients_offered(user, about)
    if not about.get("staff"):
        return found
    theirs = Assignment.objects.filter(practitioner=about["staff"])
    return found.exclude(pk__in=theirs.values("client_id"))


def _practitioners(user: User, about: About) -> QuerySet[StaffMember]:
    """Those who are not assigned to the client yet."""
    found = queries.practitioners() if permissions.is_active_staff(user) else StaffMember.objects.none()
    return found.exclude(clients=about["client"]) if about.get("client") else found


def _colleagues(user: User, about: About) -> QuerySet[StaffMember]:
    """Everybody but the one whose schedule it is, and those who administer it already."""
    found = queries.active_staff() if permissions.is_active_staff(user) else StaffMember.objects.none()
    if not about.get("staff"):
        return found
    staff = permissions.get_staff_member(user, about["staff"])
    return found.exclude(pk=staff.pk).exclude(user__in=list(queries.schedule_admins_over(staff)))


def _changeable(user: User, about: About) -> QuerySet[StaffMember]:
    """Those who work here and whom this person may change."""
    if not user.may(Permission.MANAGE_STAFF):
        raise PermissionDenied
    return permissions.staff_changeable_by(user).filter(status=StaffMember.Status.ACTIVE)


def _agents(user: User, about: About) -> QuerySet[Agent]:
    """Those who do not look after the client yet."""
    if not user.may(Permission.MANAGE_CLIENTS):
        raise PermissionDenied
    found = Agent.objects.select_related("user")
    if not about.get("client"):
        return found
    client = permissions.get_client(user, about["client"])
    return found.exclude(pk__in=[agent.pk for agent in queries.agents_of(client)])


CLIENTS = register(
    Source("clients", clients_offered, queries.in_client, describe_client, with_practitioners, own_and_recent)
)
UNASSIGNED = register(
    Source("unassigned", _unassigned, queries.in_client, describe_client, with_practitioners, known=clients_offered, about=("staff",))
)  # fmt: skip
PRACTITIONERS = register(
    Source("practitioners", _practitioners, queries.in_staff, describe_staff, order=("user__sort_key", "pk"), about=("client",))
)  # fmt: skip
COLLEAGUES = register(
    Source("colleagues", _colleagues, queries.in_staff, describe_staff, order=("user__sort_key", "pk"), about=("staff",))
)  # fmt: skip
CHANGEABLE = register(
    Source("changeable", _changeable, queries.in_staff, describe_staff, order=("user__sort_key", "pk"))
)  # fmt: skip
AGENTS = register(
    Source(
        "agents",
        _agents,
        queries.in_agent,
        lambda agent: Choice(str(agent.pk), agent.user.name, agent.agency),
        order=("user__sort_key", "pk"),
        about=("client",),
    )
)


class PeopleChoicesView(SignedInView):
    """Whom a picker's search finds, for scripts."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        source = source_named(name)
        if source is None or not permissions.is_active_staff(self.user):
            raise NotFound
        about = {key: key_of(request.GET[key]) for key in source.about if request.GET.get(key)}
        if None in about.values():
            raise NotFound
        offer, typed = Offer(source, self.user, about), request.GET.get("q", "").strip()
        found, more = offer.found(typed) if typed else offer.first()
        people = [{"key": each.key, "name": each.name, "detail": each.detail} for each in found]
        return JsonResponse({"people": people, "more": more})
