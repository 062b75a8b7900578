"""Who waits by themselves, and who looks after the list.

A client's own login joins where the organization lets people, and the client's permissions let them ask for appointments. Whoever runs a schedule
looks after those who wait for it, and after those of their clients who wait for anybody.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Prefetch, Q, QuerySet

from core.kernel.errors import NotFound
from core.people.models import Assignment, Client, StaffMember, User
from core.people.permissions import can_act_for, clients_acted_for, is_active_staff
from core.people.roles import ClientPermission, Permission
from core.scheduling.permissions import clients_bookable_on, schedules_run_by
from core.waiting_list.models import WaitingEntry, WaitingListSettings, WaitingOffer

SEE, MANAGE = "see", "manage"


def can_change_waiting_list(user: Any) -> bool:
    """Decide how times are offered: whoever looks after everybody's schedule."""
    return is_active_staff(user) and user.may(Permission.MANAGE_ALL_SCHEDULES)


def clients_who_may_join(user: Any) -> QuerySet[Client]:
    """The clients whom a login may put on the list."""
    if not user.is_active:
        return Client.objects.none()
    opened = WaitingListSettings.objects.filter(is_current=True, clients_may_join=True)
    own = clients_acted_for(user).filter(permissions__contains=[ClientPermission.REQUEST_APPOINTMENTS.value])
    return own.filter(Exists(opened))


def clients_to_add(user: Any) -> QuerySet[Client]:
    """The clients whom somebody who runs a schedule may put on the list."""
    return clients_bookable_on(user, schedules_run_by(user))


def own_entries(user: Any) -> QuerySet[WaitingEntry]:
    """Those of the clients for whom a login acts."""
    if not user.is_active:
        return WaitingEntry.objects.none()
    return WaitingEntry.objects.filter(client__in=clients_acted_for(user).order_by().values("pk"))


def has_waiting_list(user: Any) -> bool:
    """Whether the list says anything to this person: to staff always, to logins of those who may join or wait."""
    if is_active_staff(user):
        return True
    either = Q(Exists(clients_who_may_join(user))) | Q(Exists(own_entries(user)))
    return User.objects.filter(either, pk=user.pk).exists()


def entries_managed_by(user: Any) -> QuerySet[WaitingEntry]:
    """Those that somebody who runs schedules looks after."""
    if not is_active_staff(user):
        return WaitingEntry.objects.none()
    run = schedules_run_by(user).order_by()
    if user.may(Permission.SEE_ALL_CLIENTS) and user.may(Permission.MANAGE_ALL_SCHEDULES):
        return WaitingEntry.objects.all()
    theirs = Assignment.objects.filter(practitioner__in=run.values("pk")).values("client_id")
    named = WaitingEntry.practitioners.through.objects.filter(staffmember_id__in=run.values("pk"))
    of_anybody = Q(practitioners=None, client__in=theirs)
    return WaitingEntry.objects.filter(Q(pk__in=named.values("waitingentry_id")) | of_anybody)


def can_manage(user: Any, entry: WaitingEntry) -> bool:
    """Whether `user` may take it off the list, and offer a time."""
    if not is_active_staff(user):
        return False
    if user.may(Permission.SEE_ALL_CLIENTS) and user.may(Permission.MANAGE_ALL_SCHEDULES):
        return True
    run = set(schedules_run_by(user).values_list("pk", flat=True))
    named = set(entry.practitioners.values_list("pk", flat=True))
    if named:
        return bool(named & run)
    return Assignment.objects.filter(practitioner__in=run, client=entry.client_id).exists()


def entries_visible_to(user: Any) -> QuerySet[WaitingEntry]:
    """Both sides."""
    own, managed = own_entries(user).order_by(), entries_managed_by(user).order_by()
    return WaitingEntry.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=managed.values("pk")))


def get_entry(user: Any, pk: UUID, *, to: str = SEE) -> WaitingEntry:
    """The entry with all that belongs to it. NotFound for strangers, PermissionDenied for those who only see it."""
    found = with_everything(entries_visible_to(user)).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"waiting entry {pk}")
    if to == MANAGE and not can_manage(user, found):
        raise PermissionDenied("not allowed to look after this entry")
    return found


def get_offer(user: Any, pk: UUID) -> WaitingOffer:
    """The offer, for whoever acts for its client."""
    found = offers_with_all().filter(pk=pk, entry__in=own_entries(user).order_by().values("pk")).first()
    if found is None:
        raise NotFound(f"waiting offer {pk}")
    return found


def can_answer(user: Any, offer: WaitingOffer) -> bool:
    """Take it or let it go: a login that acts for its client."""
    return user.is_active and can_act_for(user, offer.entry.client)


def with_everything(entries: QuerySet[WaitingEntry]) -> QuerySet[WaitingEntry]:
    return entries.select_related("client", "added_by").prefetch_related(
        Prefetch("practitioners", StaffMember.objects.select_related("user")),
        Prefetch("offers", WaitingOffer.objects.select_related("practitioner__user", "by_hand")),
    )


def offers_with_all() -> QuerySet[WaitingOffer]:
    return WaitingOffer.objects.select_related("entry__client", "practitioner__user", "hold", "group", "appointment")


def practitioners_to_wait_for(clients: Any) -> QuerySet[StaffMember]:
    """Those who work and are assigned to one of these clients."""
    active = StaffMember.objects.filter(status=StaffMember.Status.ACTIVE, assignments__client__in=clients)
    return active.select_related("user").distinct().order_by("user__sort_key", "pk")
