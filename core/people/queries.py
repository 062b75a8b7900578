"""Reading people: facts for rules, and the lists behind pages."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from branding.queries import current_brand
from core.kernel import unseen
from core.kernel.models import AuditEvent
from core.kernel.search import Word, search
from core.people import grants
from core.people.audit_codes import PeopleAudit
from core.people.models import Agent, Assignment, Client, Invitation, LinkedLogin, OwnRole, StaffMember, User
from core.people.permissions import clients_visible_to, staff_with
from core.people.roles import OWNER, Permission
from core.people.rules.sign_in import LoginFacts, sign_in_refusal
from tenants import entitlements

LATEST_EVENTS = 300


def login_facts(user: User) -> LoginFacts:
    """What decides whether this login may sign in, read afresh."""
    return LoginFacts(
        may_log_in=User.objects.filter(pk=user.pk, is_active=True).exists(),
        active_staff=StaffMember.objects.filter(user=user, status=StaffMember.Status.ACTIVE).exists(),
        is_agent=Agent.objects.filter(user=user).exists(),
        client_statuses=tuple(LinkedLogin.objects.filter(user=user).values_list("client__status", flat=True)),
    )


def login_by_email(email: str) -> User | None:
    """The login with this address, in whatever case it was typed."""
    return User.objects.filter(email__iexact=unseen.address(email)).first()


def clients_with_address(address: str) -> QuerySet[Client]:
    """The clients to whom a mail address belongs: as their own, or as that of a login that comes in for them."""
    address = unseen.address(address)
    linked = LinkedLogin.objects.filter(user__email__iexact=address)
    return Client.objects.filter(Q(email__iexact=address) | Q(pk__in=linked.values("client_id")))


def with_login_state(logins: QuerySet[User]) -> QuerySet[User]:
    """Add `has_open_invitation`, so that a list can say "invited" without a query for each row."""
    still_open = Invitation.objects.filter(
        user=OuterRef("pk"), accepted_at=None, withdrawn_at=None, expires_at__gt=Now()
    )
    return logins.annotate(has_open_invitation=Exists(still_open))


def client_list(user: User, *, typed: str = "", status: str = "", mine: bool = False) -> QuerySet[Client]:
    """The clients that `user` may see, with logins and practitioners loaded. `status` "archived" shows those alone."""
    clients = clients_visible_to(user)
    if status == "archived":
        clients = clients.exclude(archived_at=None)
    else:
        clients = clients.filter(archived_at=None)
        if status in Client.Status.values:
            clients = clients.filter(status=status)
    if mine and user.staff is not None:
        clients = clients.filter(pk__in=Assignment.objects.filter(practitioner=user.staff).values("client_id"))
    return found_by(typed, clients, in_client).prefetch_related(
        Prefetch("links", LinkedLogin.objects.select_related("user").order_by("user__sort_key")),
        Prefetch("practitioners", StaffMember.objects.select_related("user")),
    )


def found_by(typed: str, rows: QuerySet[Any], where: Callable[[Word], Q]) -> QuerySet[Any]:
    """The rows that a search finds, numbers read as in the organization's country."""
    return search(rows, typed, where, country=current_brand().country)


def in_client(word: Word) -> Q:
    """Clients with the word in their name, address or telephone number, or in a login's name or address."""
    linked = LinkedLogin.objects.filter(word.in_("user__search_key"))
    return word.in_("search_key") | Q(pk__in=linked.values("client_id"))


def in_login(word: Word) -> Q:
    """Logins with the word in their name or address."""
    return word.in_("search_key")


def in_staff(word: Word) -> Q:
    """Staff with the word in their name, address, title or telephone number."""
    return word.in_("user__search_key", "search_key")


def in_agent(word: Word) -> Q:
    """Agents with the word in their name, address or agency."""
    return word.in_("user__search_key", "search_key")


def clients_with(word: Word) -> QuerySet[Any]:
    """The keys of the clients in whom the word is found, for the search of what belongs to them."""
    if not word.is_long:
        return Client.objects.filter(in_client(word)).order_by().values("pk")
    themselves = Client.objects.filter(word.in_("search_key")).order_by().values("pk")
    return themselves.union(LinkedLogin.objects.filter(word.in_("user__search_key")).order_by().values("client_id"))


def client_counts(user: User) -> dict[str, int]:
    """How many visible clients there are by status, and archived."""
    present = Q(archived_at=None)
    counts = {each: Count("pk", filter=present & Q(status=each)) for each in Client.Status.values}
    return clients_visible_to(user).aggregate(**counts, archived=Count("pk", filter=~present))


def links_of(client: Client) -> QuerySet[LinkedLogin]:
    """The client's logins, with what is needed to show their state."""
    users = with_login_state(User.objects.all())
    return client.links.prefetch_related(Prefetch("user", users)).order_by("created_at")


def logins_without(client: Client) -> list[tuple[User, list[str]]]:
    """Whoever comes in for the client, and what they would still come in for without: other clients, their work, an agency.

    For the question before a client is taken out of care: those with nothing left are signed out.
    """
    found = []
    for link in LinkedLogin.objects.filter(client=client, user__is_active=True).select_related("user"):
        others = Client.objects.filter(links__user=link.user, status=Client.Status.ACTIVE).exclude(pk=client.pk)
        left = [other.name for other in others]
        left += [link.user.name] if sign_in_refusal(_facts_without(link.user, client)) is None and not left else []
        found.append((link.user, left))
    return found


def _facts_without(user: User, client: Client) -> LoginFacts:
    facts = login_facts(user)
    others = LinkedLogin.objects.filter(user=user).exclude(client=client)
    return replace(facts, client_statuses=tuple(others.values_list("client__status", flat=True)))


def left_to_come_in_for(user: User) -> list[str]:
    """For whom a colleague's login still comes in when they no longer work here; an agent comes in for their agency."""
    clients = [client.name for client in Client.objects.filter(links__user=user, status=Client.Status.ACTIVE)]
    agent = Agent.objects.filter(user=user).first()
    return clients + ([str(agent)] if agent is not None else [])


def agents_of(client: Client) -> QuerySet[Agent]:
    """The agents who look after this client, those first who have been agents the longest."""
    holders = grants.holders(grants.AUDIT_CLIENT, client).order_by()
    return Agent.objects.filter(user__in=holders.values("pk")).select_related("user").order_by("created_at")


def clients_of_agent(agent: Agent) -> QuerySet[Client]:
    """The clients in this agent's care, also while the agent's access is off: so that they can be taken out of it."""
    return grants.granted(agent.user, grants.AUDIT_CLIENT, Client)


def agents(*, typed: str = "") -> QuerySet[Agent]:
    """Every agent, or those who are found, with the login's state."""
    found = found_by(typed, Agent.objects.order_by("user__sort_key", "pk"), in_agent)
    return found.prefetch_related(Prefetch("user", with_login_state(User.objects.all())))


def staff_list(*, typed: str = "", inactive: bool = False) -> QuerySet[StaffMember]:
    """Everybody who works here, with how many clients they have."""
    status = StaffMember.Status.INACTIVE if inactive else StaffMember.Status.ACTIVE
    staff = StaffMember.objects.filter(status=status).select_related("user", "own_role")
    still_open = Invitation.objects.filter(
        user=OuterRef("user_id"), accepted_at=None, withdrawn_at=None, expires_at__gt=Now()
    )
    # Asked for those who are shown only: a join would count the clients of all before the page is cut out.
    theirs = Assignment.objects.filter(practitioner=OuterRef("pk")).order_by().values("practitioner")
    count = Coalesce(Subquery(theirs.values(count=Count("pk"))), 0)
    found = found_by(typed, staff, in_staff).annotate(client_count=count, has_open_invitation=Exists(still_open))
    return found.order_by("user__sort_key", "pk")


def practitioners() -> QuerySet[StaffMember]:
    """Active staff with a schedule of their own."""
    return staff_with(Permission.OWN_SCHEDULE)


def schedule_admins_over(staff: StaffMember) -> QuerySet[User]:
    """The colleagues who administer this person's schedule by grant."""
    return grants.holders(grants.ADMINISTER_SCHEDULE, staff).order_by("sort_key")


def schedules_granted_to(user: User) -> QuerySet[StaffMember]:
    """The colleagues whose schedule this login administers by grant."""
    return grants.granted(user, grants.ADMINISTER_SCHEDULE, StaffMember).select_related("user")


def own_roles() -> QuerySet[OwnRole]:
    """The roles that the organization has made, the oldest first."""
    return OwnRole.objects.order_by("created_at", "pk")


def bearers_by_role() -> dict[str, int]:
    """How many active staff bear each role, by its code."""
    rows = active_staff().order_by().values_list("role", "own_role").annotate(Count("pk"))
    numbers: dict[str, int] = {}
    for role, own, number in rows:
        code = str(own) if own else role
        numbers[code] = numbers.get(code, 0) + number
    return numbers


def staff_of(login: User) -> StaffMember | None:
    """Whom of the staff this login is, with role and exceptions loaded."""
    found = StaffMember.objects.filter(user=login).select_related("user", "own_role")
    return found.prefetch_related("exceptions").first()


def ties_of(login: User) -> list[LinkedLogin]:
    """The clients for whom a login comes in."""
    return list(LinkedLogin.objects.filter(user=login).select_related("client").order_by("client__sort_key", "pk"))


def grants_of(login: User, over: Iterable[Any]) -> list[tuple[Any, AuditEvent | None]]:
    """These objects over which the login holds a grant, each with the latest event that gave it, where the audit has one."""
    rows = list(over)
    if not rows:
        return []
    kind, keys = rows[0]._meta.label_lower, [str(row.pk) for row in rows]
    events = AuditEvent.objects.filter(subject_kind=kind, subject_id__in=keys, action=PeopleAudit.GRANT_GIVEN.value)
    given = {event.subject_id: event for event in events.order_by("at") if str(login.pk) in event.changes["user"]}
    return [(row, given.get(str(row.pk))) for row in rows]


def active_staff() -> QuerySet[StaffMember]:
    """Everybody who works here now."""
    return StaffMember.objects.filter(status=StaffMember.Status.ACTIVE).select_related("user")


def active_owners() -> QuerySet[StaffMember]:
    """The owners who can still sign in."""
    return active_staff().filter(role=OWNER.code, user__is_active=True)


def staff_seats() -> tuple[int, int | None]:
    """How many active staff there are, and how many the plan allows (None: no limit)."""
    return active_staff().count(), entitlements.limit("staff")


def history_of(subject: Any, *, most: int = 12) -> list[AuditEvent]:
    """The latest events about one row, the newest first."""
    kind, key = subject._meta.label_lower, str(subject.pk)
    return list(AuditEvent.objects.filter(subject_kind=kind, subject_id=key).order_by("-at", "-id")[:most])


def recently_read(user: User) -> list[str]:
    """Keys of the clients whose page this login opened last, newest first: among the latest events of all, so that it costs the same always."""
    latest = AuditEvent.objects.order_by("-at").values_list("actor_id", "action", "subject_id")[:LATEST_EVENTS]
    opened = PeopleAudit.CLIENT_READ.value
    return list(dict.fromkeys(key for actor, action, key in latest if actor == str(user.pk) and action == opened))


def latest_invitation(user_id: UUID) -> Invitation | None:
    """The newest invitation of a login."""
    return Invitation.objects.filter(user_id=user_id).order_by("-created_at", "-pk").first()
