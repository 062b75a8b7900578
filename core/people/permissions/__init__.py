"""Who may see and do what with people: for each kind, the predicate, the queryset and the door side by side.

A door (`get_client(user, pk, to=CHANGE)`) answers a stranger with `NotFound` and an insider without the right with `PermissionDenied`.
"""

from core.people.permissions.clients import (
    ACT,
    CHANGE,
    CHANGE_CONTACT,
    READ_INFORMATION,
    SEE,
    Hat,
    can_act_for,
    can_change_client,
    can_change_contact,
    can_read_information,
    can_see_client,
    clients_visible_to,
    get_client,
    hats_for,
    is_agent,
)
from core.people.permissions.logins import MANAGE, can_manage_login, get_login, logins_visible_to
from core.people.permissions.schedules import can_see_schedule, schedules_visible_to
from core.people.permissions.staff import (
    can_change_staff,
    can_see_contact_of,
    can_see_staff,
    get_staff_member,
    staff_visible_to,
)

__all__ = [
    "ACT",
    "CHANGE",
    "CHANGE_CONTACT",
    "MANAGE",
    "READ_INFORMATION",
    "SEE",
    "Hat",
    "can_act_for",
    "can_change_client",
    "can_change_contact",
    "can_change_staff",
    "can_manage_login",
    "can_read_information",
    "can_see_client",
    "can_see_contact_of",
    "can_see_schedule",
    "can_see_staff",
    "clients_visible_to",
    "get_client",
    "get_login",
    "get_staff_member",
    "hats_for",
    "is_agent",
    "logins_visible_to",
    "schedules_visible_to",
    "staff_visible_to",
]
