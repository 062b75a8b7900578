"""Who may do what with an appointment: predicate, queryset and door, side by side.

The practitioner, whoever administers their schedule (a grant) and whoever manages all schedules may see, change, cancel and complete.
A client's logins see what the client's permissions show, and may cancel when the organization and the client's own permission allow it.
Agents see. Only the practitioner and the clients' logins may join.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people import grants
from core.people.models import Assignment, Client, StaffMember, User
from core.people.permissions import (
    can_change_staff,
    can_have_clients,
    clients_acted_for,
    clients_audited_by,
    holding,
    is_active_staff,
)
from core.people.queries import schedules_granted_to
from core.people.roles import ClientPermission, Permission
from core.scheduling.models import (
    Appointment,
    AppointmentSeries,
    BookableResource,
    Closure,
    CompletionType,
    ExternalCalendar,
    HandOver,
    Participant,
    SchedulingSettings,
    TimeOff,
)


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Somebody without a login who holds the link to an appointment: acts for one client, and for nothing else."""

    client: Client
    pk: None = None
    audit_kind: str = "link"
    is_authenticated: bool = True
    staff: None = None

    def __str__(self) -> str:
        return self.client.name

    @property
    def is_active(self) -> bool:
        return self.client.is_active

    def may(self, permission: Permission) -> bool:
        return False


class AppointmentRight(StrEnum):
    """What a door to an appointment is opened for."""

    SEE = "see"
    CHANGE = "change"
    CANCEL = "cancel"
    COMPLETE = "complete"
    JOIN = "join"


SEE, CHANGE, CANCEL, COMPLETE, JOIN = AppointmentRight

HAS_SCHEDULE = holding(Permission.OWN_SCHEDULE)


def schedules_run_by(user: Any) -> QuerySet[StaffMember]:
    """The schedules on which `user` may see and change: their own, those granted, or all; also of those who have none any more,
    because what is booked with them stays and somebody looks after it."""
    everybody = StaffMember.objects.all()
    if not is_active_staff(user):
        return everybody.none()
    if user.may(Permission.MANAGE_ALL_SCHEDULES):
        return everybody
    granted = schedules_granted_to(user).order_by().values("pk")
    own = Q(pk=user.staff.pk) if user.may(Permission.OWN_SCHEDULE) else Q(pk=None)
    return everybody.filter(own | Q(pk__in=granted))


def schedules_offered_to(user: Any) -> QuerySet[StaffMember]:
    """Those of them that are kept now: whom a form or a calendar offers. Of former colleagues, too."""
    return schedules_run_by(user).filter(HAS_SCHEDULE)


def can_add_appointments(user: Any) -> bool:
    """Whether `user` may put anything new on the schedules that they run."""
    return is_active_staff(user) and user.may(Permission.ADD_APPOINTMENTS)


def can_hand_over(user: Any, staff: StaffMember) -> bool:
    """Give this colleague's work to another one: whoever looks after this person, all clients and all schedules."""
    wide = (Permission.MANAGE_CLIENTS, Permission.SEE_ALL_CLIENTS, Permission.MANAGE_ALL_SCHEDULES)
    return is_active_staff(user) and can_change_staff(user, staff) and all(user.may(each) for each in wide)


def check_hands_over(by: Any, staff: StaffMember) -> None:
    """PermissionDenied for whoever may not."""
    if not can_hand_over(by, staff):
        raise PermissionDenied("You do not have permission to hand this person's work over.")


def get_hand_over(user: Any, pk: UUID) -> HandOver:
    """The hand-over, for whoever may take it back."""
    found = HandOver.objects.select_related("former__user", "successor__user").filter(pk=pk).first()
    if found is None or not is_active_staff(user):
        raise NotFound(f"hand-over {pk}")
    check_hands_over(user, found.successor)
    return found


def clients_taken_over_by(user: Any) -> QuerySet[Client]:
    """The clients whom somebody handed over to `user`, as long as they are assigned: what was before is theirs to see."""
    if not is_active_staff(user):
        return Client.objects.none()
    taken = HandOver.objects.filter(successor=user.staff, undone_at=None)
    return Client.objects.filter(hand_overs__in=taken, assignments__practitioner=user.staff).distinct()


def runs_every_schedule(user: Any) -> bool:
    """Whether `schedules_run_by` holds everybody's: then no appointment is on another one."""
    return is_active_staff(user) and user.may(Permission.MANAGE_ALL_SCHEDULES)


def can_run_schedule(user: Any, practitioner: StaffMember) -> bool:
    """Whether `user` may see and change appointments of this practitioner; to add one takes `can_add_appointments` besides."""
    if not is_active_staff(user):
        return False
    if user.may(Permission.MANAGE_ALL_SCHEDULES):
        return True
    own = user.staff.pk == practitioner.pk and user.may(Permission.OWN_SCHEDULE)
    return own or grants.holds(user, grants.ADMINISTER_SCHEDULE, practitioner)


def clients_bookable_by(user: Any, practitioner: StaffMember) -> QuerySet[Client]:
    """The clients whom `user` may put on this practitioner's schedule: active, and assigned unless the role sees all."""
    if not can_run_schedule(user, practitioner) or not can_have_clients(practitioner):
        return Client.objects.none()
    active = Client.objects.filter(status=Client.Status.ACTIVE)
    return active if user.may(Permission.SEE_ALL_CLIENTS) else active.filter(assignments__practitioner=practitioner)


def clients_bookable_on(user: Any, schedules: "QuerySet[StaffMember]") -> QuerySet[Client]:
    """The clients whom `user` may put on at least one of these schedules, which they run: `clients_bookable_by` for many."""
    active = Client.objects.filter(status=Client.Status.ACTIVE)
    working = schedules.filter(HAS_SCHEDULE, status=StaffMember.Status.ACTIVE)
    if user.may(Permission.SEE_ALL_CLIENTS):
        return active if working.exists() else active.none()
    theirs = Assignment.objects.filter(practitioner__in=working)
    return active.filter(pk__in=theirs.order_by().values("client_id"))


def availability_readable_by(user: Any) -> QuerySet[Client]:
    """The clients whose times `user` may read: staff who see them, and their own logins; never an agent."""
    if user.may(Permission.SEE_ALL_CLIENTS):
        return Client.objects.all()
    return Client.objects.filter(Q(pk__in=clients_acted_for(user).order_by().values("pk")) | _assigned_to(user))


def availability_settable_by(user: Any) -> QuerySet[Client]:
    """The clients whose times `user` may say: those who change them, their own practitioners, and their logins where their permissions say so."""
    if user.may(Permission.MANAGE_CLIENTS) and user.may(Permission.SEE_ALL_CLIENTS):
        return Client.objects.all()
    own = clients_acted_for(user).filter(permissions__contains=[ClientPermission.UPDATE_AVAILABILITY.value])
    return Client.objects.filter(Q(pk__in=own.order_by().values("pk")) | _assigned_to(user))


def can_read_availability(user: Any, client: Client) -> bool:
    return user.may(Permission.SEE_ALL_CLIENTS) or availability_readable_by(user).filter(pk=client.pk).exists()


def can_set_availability(user: Any, client: Client) -> bool:
    if user.may(Permission.MANAGE_CLIENTS) and user.may(Permission.SEE_ALL_CLIENTS):
        return True
    return availability_settable_by(user).filter(pk=client.pk).exists()


def get_client_to_set_availability(user: Any, pk: UUID) -> Client:
    """The client, for those who may say when they can come."""
    found = availability_readable_by(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"client {pk}")
    if not can_set_availability(user, found):
        raise PermissionDenied("not allowed to change these times")
    return found


def _assigned_to(user: Any) -> Q:
    if not is_active_staff(user):
        return Q(pk=None)
    return Q(pk__in=Assignment.objects.filter(practitioner=user.staff).values("client_id"))


def appointments_visible_to(user: Any, *, schedules: "QuerySet[StaffMember] | None" = None) -> QuerySet[Appointment]:
    """Everything `user` may see: on the schedules they run, as a client's login, as an agent."""
    if not (user.is_authenticated and user.is_active):
        return Appointment.objects.none()
    if schedules is None and runs_every_schedule(user):
        return Appointment.objects.all()  # the same rows, without asking of each for a reason
    run = schedules_run_by(user) if schedules is None else schedules
    reached = Participant.objects.filter(_reaches(user), appointment=OuterRef("pk"))
    return Appointment.objects.filter(Q(practitioner__in=run) | Exists(reached))


def clients_with_news_for(user: Any) -> QuerySet[Client]:
    """The clients of whose coming appointments the login is told: those for whom it may see them."""
    if not user.is_active:
        return Client.objects.none()
    return clients_acted_for(user).filter(permissions__contains=[ClientPermission.SEE_UPCOMING.value])


def can(user: Any, to: AppointmentRight, appointment: Appointment, *, view: "Viewpoint | None" = None) -> bool:
    """Whether `user` may do this with the appointment as things stand. `view`: theirs, where a list has it already."""
    if to is SEE:
        return appointments_visible_to(user).filter(pk=appointment.pk).exists()
    if to is JOIN:
        return appointment.is_booked and (
            _is_its_practitioner(user, appointment) or bool((view or Viewpoint(user)).own_participants(appointment))
        )
    if can_run_schedule(user, appointment.practitioner):
        return True
    return to is CANCEL and bool(cancellable_participants(user, appointment))


def cancellable_participants(user: Any, appointment: Appointment) -> list[Participant]:
    """The places that a client's login may give up: the organization allows it, the client's permission too, and it has not begun."""
    return Viewpoint(user).cancellable_participants(appointment)


class Viewpoint:
    """What one person may do in a list: the same answers as `can`, with each set loaded once."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def schedules(self) -> frozenset[UUID]:
        return frozenset(schedules_run_by(self.user).order_by().values_list("pk", flat=True))

    @cached_property
    def linked(self) -> frozenset[UUID]:
        if isinstance(self.user, LinkHolder):
            return frozenset({self.user.client.pk} if self.user.is_active else ())
        return frozenset(self._own_clients)

    @cached_property
    def _own_clients(self) -> dict[UUID, bool]:
        """Each client for whom the login acts, and in the same question whether the organization lets clients cancel at all."""
        opened = Exists(SchedulingSettings.objects.filter(is_current=True, clients_may_cancel=True))
        return dict(clients_acted_for(self.user).order_by().values_list("pk", opened))

    @cached_property
    def audited(self) -> frozenset[UUID]:
        return frozenset(clients_audited_by(self.user).values_list("pk", flat=True))

    @cached_property
    def taken_over(self) -> frozenset[UUID]:
        """Those of whose earlier appointments they read, because a colleague's work was handed over to them."""
        return frozenset(clients_taken_over_by(self.user).order_by().values_list("pk", flat=True))

    @cached_property
    def clients_may_cancel(self) -> bool:
        if isinstance(self.user, LinkHolder):
            return SchedulingSettings.current().clients_may_cancel
        return any(self._own_clients.values())  # of nobody's clients nothing is cancelled

    def runs(self, appointment: Appointment) -> bool:
        return appointment.practitioner_id in self.schedules

    def readable_participants(self, appointment: Appointment) -> list[Participant]:
        """Whose names may be read: all on schedules they run; else their own people only (group privacy)."""
        rows = list(appointment.participants.all())
        if self.runs(appointment):
            return rows
        theirs = self.linked | self.audited | self.taken_over
        return [row for row in rows if row.client_id in theirs]

    def own_participants(self, appointment: Appointment) -> list[Participant]:
        return [participant for participant in appointment.attending if participant.client_id in self.linked]

    def cancellable_participants(self, appointment: Appointment) -> list[Participant]:
        if not appointment.is_booked or appointment.starts_at <= clock.now() or not self.user.is_active:
            return []
        own = self.own_participants(appointment)
        if not own or not self.clients_may_cancel:
            return []
        return [participant for participant in own if participant.client.allows(ClientPermission.CANCEL_APPOINTMENTS)]

    def can_cancel(self, appointment: Appointment) -> bool:
        if self.runs(appointment):
            return appointment.is_booked and appointment.starts_at > clock.now()
        return bool(self.cancellable_participants(appointment))


def get_appointment(user: Any, pk: UUID, *, to: AppointmentRight = SEE) -> Appointment:
    """The appointment, for somebody who may do `to` with it. NotFound for strangers, PermissionDenied for those who only see it."""
    appointment = (
        appointments_visible_to(user)
        .select_related("practitioner__user", "policy")
        .prefetch_related("participants__client", "cancellations", "reservations__resource")
        .filter(pk=pk)
        .first()
    )
    if appointment is None:
        raise NotFound(f"appointment {pk}")
    if to is not SEE and not can(user, to, appointment):
        raise PermissionDenied(f"not allowed to {to} this appointment")
    return appointment


def get_series(user: Any, pk: UUID, *, to: AppointmentRight = SEE) -> AppointmentSeries:
    """The series, for somebody who may see one of its appointments; `to` CHANGE: for whoever runs its schedule."""
    found = AppointmentSeries.objects.select_related("practitioner__user").prefetch_related("clients", "resources")
    series = found.filter(pk=pk).first()
    if series is None or not appointments_visible_to(user).filter(series=series).exists():
        raise NotFound(f"series {pk}")
    if to is not SEE and not can_run_schedule(user, series.practitioner):
        raise PermissionDenied(f"not allowed to {to} this series")
    return series


def can_change_policy(user: Any) -> bool:
    """Decide how appointments end: completion types, the cancellation policy, and whether clients cancel themselves."""
    return user.may(Permission.MANAGE_ORGANIZATION) or user.may(Permission.MANAGE_BILLING)


def can_manage_resources(user: Any) -> bool:
    """Look after rooms and equipment: whoever looks after everybody's schedule."""
    return is_active_staff(user) and user.may(Permission.MANAGE_ALL_SCHEDULES)


def can_set_reminders(user: Any) -> bool:
    """Say for everybody how long before they are reminded: whoever looks after everybody's schedule."""
    return can_manage_resources(user)


def can_see_resources(user: Any) -> bool:
    """Choose rooms and equipment, and see when they are taken: whoever runs a schedule."""
    return is_active_staff(user) and schedules_run_by(user).exists()


def can_manage_closures(user: Any) -> bool:
    """Say when nobody works here: whoever looks after everybody's schedule."""
    return can_manage_resources(user)


def get_closure(user: Any, pk: UUID) -> Closure:
    """The closure, for those who say when nobody works."""
    if not can_manage_closures(user):
        raise PermissionDenied("not allowed to change closures")
    found = Closure.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"closure {pk}")
    return found


def get_schedule(user: Any, pk: UUID) -> StaffMember:
    """Whose schedule it is, for those who run it."""
    found = schedules_run_by(user).select_related("user").filter(pk=pk).first()
    if found is None:
        raise NotFound(f"schedule {pk}")
    return found


def get_time_off(user: Any, pk: UUID) -> TimeOff:
    """The time off, for those who run that schedule."""
    run = schedules_run_by(user)
    found = TimeOff.objects.filter(pk=pk, practitioner__in=run).select_related("practitioner__user").first()
    if found is None:
        raise NotFound(f"time off {pk}")
    return found


def get_external_calendar(user: Any, pk: UUID) -> ExternalCalendar:
    """The calendar that is kept elsewhere, for those who run the schedule of its owner."""
    run = schedules_run_by(user)
    found = ExternalCalendar.objects.filter(pk=pk, practitioner__in=run).select_related("practitioner__user").first()
    if found is None:
        raise NotFound(f"external calendar {pk}")
    return found


def get_resource(user: Any, pk: UUID) -> BookableResource:
    """The room or equipment, for those who look after them."""
    if not can_manage_resources(user):
        raise PermissionDenied("not allowed to change rooms and equipment")
    found = BookableResource.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"resource {pk}")
    return found


def get_completion_type(user: Any, pk: UUID) -> CompletionType:
    """The completion type, for those who decide how appointments end."""
    if not can_change_policy(user):
        raise PermissionDenied("not allowed to change completion types")
    found = CompletionType.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"completion type {pk}")
    return found


def _reaches(user: User) -> Q:
    """Places that a login reaches: its clients', by what each client's permissions show, or those it audits."""
    now = clock.now()
    upcoming = Q(ends_at__gt=now, client__permissions__contains=[ClientPermission.SEE_UPCOMING.value])
    past = Q(ends_at__lte=now, client__permissions__contains=[ClientPermission.SEE_HISTORY.value])
    as_login = Q(client__in=clients_acted_for(user).order_by().values("pk")) & (upcoming | past)
    reached = as_login | Q(client__in=clients_audited_by(user).order_by().values("pk"))
    if is_active_staff(user):
        reached |= Q(ends_at__lte=now, client__in=clients_taken_over_by(user).order_by().values("pk"))
    return reached


def _is_its_practitioner(user: Any, appointment: Appointment) -> bool:
    return is_active_staff(user) and user.staff.pk == appointment.practitioner_id
