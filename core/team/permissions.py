"""Who writes a card, and who lets readers see it."""

from typing import Any

from django.core.exceptions import PermissionDenied

from core.people.models import StaffMember, User
from core.people.permissions import can_change_staff, get_staff_member, is_active_staff
from core.people.roles import Permission


def can_write_card(user: User, staff: StaffMember) -> bool:
    """Everybody their own; and whoever may change that person."""
    return is_active_staff(user) and (staff.user_id == user.pk or can_change_staff(user, staff))


def can_release_cards(user: Any) -> bool:
    """Whoever looks after staff."""
    return bool(user.is_authenticated and user.may(Permission.MANAGE_STAFF))


def get_staff_for_card(user: User, pk: Any) -> StaffMember:
    """The person whose card is written. NotFound, PermissionDenied."""
    staff = get_staff_member(user, pk)
    if not can_write_card(user, staff):
        raise PermissionDenied
    return staff


def get_staff_to_release(user: User, pk: Any) -> StaffMember:
    """The person whose card is released. NotFound, PermissionDenied."""
    staff = get_staff_member(user, pk)
    if not can_release_cards(user):
        raise PermissionDenied
    return staff
