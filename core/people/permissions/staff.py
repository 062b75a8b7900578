"""Staff: colleagues see one another; a client's logins see the practitioners assigned to them, where the client's permissions say so."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.kernel.errors import NotFound
from core.people.models import Assignment, Client, StaffMember, User
from core.people.roles import ROLES, ClientPermission, Permission, roles_with
from core.people.rules.ranks import may_handle

SEE = "see"
CHANGE = "change"


def is_active_staff(user: Any) -> bool:
    """Whether this is somebody signed in who works here now."""
    return user.is_authenticated and user.is_active and user.staff is not None and user.staff.is_active


def staff_with(permission: Permission) -> QuerySet[StaffMember]:
    """Those who work here now and whose role carries the permission: `user.may(permission)` as a queryset.

    Whether they may log in is left to whoever asks: somebody on leave keeps their schedule, but is not told of anything.
    """
    active = StaffMember.objects.filter(status=StaffMember.Status.ACTIVE, role__in=roles_with(permission))
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
    return staff.is_active and Permission.OWN_SCHEDULE in staff.role_definition.permissions


def can_change_staff(user: User, staff: StaffMember) -> bool:
    """Whoever manages staff, up to their own rank."""
    return user.may(Permission.MANAGE_STAFF) and user.staff is not None and may_handle(
        user.staff.role_definition, ROLES[staff.role]
    )  # fmt: skip


def changeable_roles(user: User) -> list[str]:
    """The roles of those for whom `can_change_staff` holds."""
    if user.staff is None or not user.may(Permission.MANAGE_STAFF):
        return []
    own = user.staff.role_definition
    return [code for code, role in ROLES.items() if may_handle(own, role)]


def staff_visible_to(user: User) -> QuerySet[StaffMember]:
    """Every staff member for whom `can_see_staff` holds."""
    everybody = StaffMember.objects.select_related("user")
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
