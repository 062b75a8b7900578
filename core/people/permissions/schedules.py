"""Schedules: one's own, everybody's by role, a colleague's by grant (Schedule Admin)."""

from django.db.models import Q, QuerySet

from core.people import grants
from core.people.models import StaffMember, User
from core.people.roles import Permission


def can_see_schedule(user: User, staff: StaffMember) -> bool:
    """View, change and add appointments on this person's schedule."""
    own = user.staff
    if own is None or own.status != StaffMember.Status.ACTIVE:
        return False
    if user.may(Permission.MANAGE_ALL_SCHEDULES) or grants.holds(user, grants.ADMINISTER_SCHEDULE, staff):
        return True
    return own.pk == staff.pk and user.may(Permission.OWN_SCHEDULE)


def schedules_visible_to(user: User) -> QuerySet[StaffMember]:
    """The staff members on whose schedule `user` may look and work."""
    everybody = StaffMember.objects.select_related("user")
    own = user.staff
    if own is None or own.status != StaffMember.Status.ACTIVE:
        return everybody.none()
    if user.may(Permission.MANAGE_ALL_SCHEDULES):
        return everybody
    granted = grants.granted(user, grants.ADMINISTER_SCHEDULE, StaffMember).order_by().values("pk")
    visible = Q(pk__in=granted)
    if user.may(Permission.OWN_SCHEDULE):
        visible |= Q(pk=own.pk)
    return everybody.filter(visible)
