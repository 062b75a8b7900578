"""Whom a booking is for, and on whose schedule."""

from collections.abc import Iterable

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from core.people import permissions, queries
from core.people.models import Assignment, Client, StaffMember, User
from core.people.permissions import staff_with
from core.people.roles import Permission
from core.scheduling.models import Participant
from core.scheduling.permissions import clients_bookable_on, schedules_offered_to, schedules_run_by
from core.scheduling.queries import schedules_to_book_on
from portal.person_choices import (
    About,
    Choice,
    Source,
    describe_client,
    describe_staff,
    key_of,
    own_and_recent,
    register,
    with_practitioners,
)

MOST_NAMES = 3


def _bookable(user: User, about: About) -> QuerySet[Client]:
    """The clients who can be put on at least one of the schedules that this person runs."""
    return clients_bookable_on(user, schedules_run_by(user))


def _known(user: User, about: About) -> QuerySet[Client]:
    """Besides, those whom they see or have on their schedule: why such a client cannot be booked, the booking itself says best."""
    seen = permissions.clients_visible_to(user).order_by().values("pk")
    places = Participant.objects.filter(appointment__practitioner__in=schedules_run_by(user)).order_by()
    bookable = Q(pk__in=_bookable(user, about).order_by().values("pk"))
    return Client.objects.filter(bookable | Q(pk__in=seen) | Q(pk__in=places.values("client_id")))


def _describe(client: Client) -> Choice:
    """Somebody who is assigned to nobody is so from the first appointment on."""
    found = describe_client(client)
    return Choice(found.key, found.name, found.detail or _("Nobody is assigned yet.").rstrip("."))


def _first(clients: QuerySet[Client], user: User, about: About) -> Iterable[QuerySet[Client]]:
    """Those of the schedule in question, then one's own."""
    practitioner = key_of(about.get("practitioner"))
    if practitioner is not None:
        theirs = Assignment.objects.filter(practitioner=practitioner)
        yield clients.filter(pk__in=theirs.values("client_id")).order_by("sort_key", "pk")
    yield from own_and_recent(clients, user, about)


def _schedules(user: User, about: About) -> QuerySet[StaffMember]:
    keys = [person.pk for person in schedules_to_book_on(user) if person.is_active]
    return StaffMember.objects.filter(pk__in=keys).select_related("user")


def _run(user: User, about: About) -> QuerySet[StaffMember]:
    """Besides, everybody whose schedule they run: why nothing can be booked there any more, the booking itself says best."""
    return schedules_run_by(user).select_related("user")


def _calendars(user: User, about: About) -> QuerySet[StaffMember]:
    """Whose calendar this person may look at, of former colleagues too; their own first."""
    own = Case(When(pk=getattr(user.staff, "pk", None), then=Value(0)), default=Value(1))
    return schedules_offered_to(user).select_related("user").annotate(after_own=own)


def _describe_calendar(staff: StaffMember) -> Choice:
    return Choice(str(staff.pk), staff.user.name, "" if staff.is_active else _("inactive"))


def why_nobody(user: User) -> str:
    """Why there is nobody whom this person could book, and whom to ask (PPL-30)."""
    if user.may(Permission.MANAGE_CLIENTS):
        return _("Nobody is active yet. Add somebody, or make somebody active, and book then.")
    others = staff_with(Permission.MANAGE_CLIENTS).exclude(user=user).filter(user__is_active=True)
    names = [str(staff) for staff in others.order_by("user__sort_key")[:MOST_NAMES]]
    if not names:
        return _("Nobody is assigned to you yet. Whoever looks after %(clients)s here assigns them.")
    return _("Nobody active is assigned to you yet. Ask to have somebody assigned to you: %(names)s.") % {
        "names": ", ".join(names)
    }


BOOKABLE = register(
    Source(
        "bookable",
        _bookable,
        queries.in_client,
        _describe,
        with_practitioners,
        _first,
        known=_known,
        about=("practitioner",),
    )
)
SCHEDULES = register(
    Source("schedules", _schedules, queries.in_staff, describe_staff, known=_run, order=("user__sort_key", "pk"))
)
CALENDARS = register(
    Source("calendars", _calendars, queries.in_staff, _describe_calendar, order=("after_own", "user__sort_key", "pk"))
)
