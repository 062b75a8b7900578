"""Logins: looked after by those who look after the people behind them, never above one's own rank."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.kernel.errors import NotFound
from core.people.models import StaffMember, User
from core.people.permissions.staff import SEE, can_change_staff
from core.people.roles import Permission

MANAGE = "manage"


def can_manage_login(user: User, login: User) -> bool:
    """Invite, change the address, switch access on and off.

    A staff member's login needs the right to change that staff member, because whoever changes the address of a login can take it over.
    """
    staff = StaffMember.objects.filter(user=login).first()
    if staff is not None:
        return can_change_staff(user, staff)
    return user.may(Permission.MANAGE_CLIENTS)


def logins_visible_to(user: User) -> QuerySet[User]:
    """All logins for those who look after people; otherwise one's own."""
    if user.may(Permission.MANAGE_CLIENTS) or user.may(Permission.MANAGE_STAFF):
        return User.objects.all()
    return User.objects.filter(pk=user.pk)


def get_login_to_read_rights(user: User, pk: Any) -> User:
    """The login, for those who look after it and for the person themselves: everybody reads what they may do here."""
    if str(pk) == str(user.pk):
        return user
    return get_login(user, pk, to=MANAGE)


def get_login(user: User, pk: Any, *, to: str = SEE) -> User:
    """The login, if `user` may see it, and look after it when asked `to=MANAGE`."""
    login = logins_visible_to(user).filter(pk=pk).first()
    if login is None:
        raise NotFound
    if to == MANAGE and not can_manage_login(user, login):
        raise PermissionDenied
    return login
