"""Staff: colleagues see one another; a client's logins see the practitioners assigned to them, where the client's permissions say so."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from core.kernel.errors import NotFound
from core.people.models import Assignment, Client, OwnRole, StaffMember, User
from core.people.roles import ClientPermission, Permission, roles_with
from core.people.rules.ranks import may_handle

SEE = "see"
CHANGE = "change"


def is_active_staff(user: Any) -> bool:
    """Whether this is somebody signed in who works here now."""
    return user.is_authenticated and user.is_active and user.staff is not None and user.staff.is_active


def holding(permission: Permission, staff: str = "") -> Q:
    """Staff who come to the permission by role and exceptions: `permission in staff.permissions` as a condition.

    `staff`: how the query reaches them, as in "practitioner__".
    """
    built_in = {f"{staff}role_carries": None, f"{staff}role__in": roles_with(permission)}
    held = (
        Q(**built_in)
        | Q(**{f"{staff}role_carries__contains": [permission.value]})
        | Q(**{f"{staff}given__contains": [permission.value]})
    )
    return held & ~Q(**{f"{staff}withheld__contains": [permission.value]})


def staff_with(permission: Permission) -> QuerySet[StaffMember]:
    """Those who work here now and who hold the permission: `user.may(permission)` as a queryset.

    Whether they may log in is left to whoever asks: somebody on leave keeps their schedule, but is not told of anything.
    """
    active = StaffMember.objects.filter(holding(permission), status=StaffMember.Status.ACTIVE)
    return active.select_related("user")


def can_see_staff(user: User, staff: StaffMember) -> bool:
    """Colleagues, and the assigned practitioners of one's clients."""
    return is_active_staff(user) or can_see_contact_of(user, staff)


def can_see_contact_of(user: User, staff: StaffMember) -> bool:
    """Address and telephone of a practitioner: colleagues, and clients who may see their practitioners' contacts."""
    if is_active_staff(user):
        return True
    return staff.is_active and _contacts(user).filter(practitioner=staff).exists()


def can_have_clients(staff: StaffMember) -> bool:
    """Whether clients are assigned to them: whoever works here now and has a schedule."""
    return staff.is_active and Permission.OWN_SCHEDULE in staff.permissions


def can_change_staff(user: User, staff: StaffMember) -> bool:
    """Whoever manages staff, up to their own rank."""
    return user.staff is not None and user.may(Permission.MANAGE_STAFF) and may_handle(user.staff, staff)


def can_make_roles(user: User) -> bool:
    """Make roles of one's own: whoever manages staff. What they may carry is a matter of one's own rank."""
    return user.may(Permission.MANAGE_STAFF)


def can_change_role(user: User, role: OwnRole) -> bool:
    """Edit and remove it: nobody whom it would allow more than they hold."""
    return user.staff is not None and can_make_roles(user) and may_handle(user.staff, role)


def roles_changeable_by(user: User) -> QuerySet[OwnRole]:
    """Every own role for which `can_change_role` holds."""
    if user.staff is None or not can_make_roles(user):
        return OwnRole.objects.none()
    held = [permission.value for permission in user.staff.permissions]
    return OwnRole.objects.filter(carries__contained_by=held)


def get_own_role(user: User, pk: Any, *, to: str = SEE) -> OwnRole:
    """The role, which everybody who works here reads, and change it when asked `to=CHANGE`."""
    role = OwnRole.objects.filter(pk=pk).first() if is_active_staff(user) else None
    if role is None:
        raise NotFound
    if to == CHANGE and not can_change_role(user, role):
        raise PermissionDenied
    return role


def staff_changeable_by(user: User) -> QuerySet[StaffMember]:
    """Every staff member for whom `can_change_staff` holds: those who hold nothing that `user` lacks."""
    everybody = StaffMember.objects.select_related("user")
    if user.staff is None or not user.may(Permission.MANAGE_STAFF):
        return everybody.none()
    for lacking in frozenset(Permission) - user.staff.permissions:
        everybody = everybody.exclude(holding(lacking))
    return everybody


def staff_visible_to(user: User) -> QuerySet[StaffMember]:
    """Every staff member for whom `can_see_staff` holds."""
    everybody = StaffMember.objects.select_related("user", "own_role")
    if is_active_staff(user):
        return everybody
    return everybody.filter(status=StaffMember.Status.ACTIVE, pk__in=_contacts(user).values("practitioner_id"))


def get_staff_member(user: User, pk: Any, *, to: str = SEE) -> StaffMember:
    """The staff member, if `user` may see them, and change them when asked `to=CHANGE`."""
    staff = staff_visible_to(user).filter(pk=pk).first()
    if staff is None:
        raise NotFound
    if to == CHANGE and not can_change_staff(user, staff):
        raise PermissionDenied
    return staff


def _contacts(user: User) -> QuerySet[Assignment]:
    """The assignments through which `user`, as a client's login, may see practitioners."""
    return Assignment.objects.filter(
        client__links__user=user,
        client__status=Client.Status.ACTIVE,
        client__permissions__contains=[ClientPermission.SEE_CONTACTS.value],
    )
