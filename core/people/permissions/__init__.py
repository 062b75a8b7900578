"""Who may see and do what with people: for each kind, the predicate, the queryset and the door side by side.

A door (`get_client(user, pk, to=CHANGE)`) answers a stranger with `NotFound` and an insider without the right with `PermissionDenied`.
Rights over schedules stand where schedules do, in `core.scheduling.permissions`.
"""

from core.people.permissions.agents import can_audit_client, clients_audited_by, get_agent, is_agent, relationships_of
from core.people.permissions.clients import (
    CHANGE_CONTACT,
    READ_INFORMATION,
    Relation,
    can_act_for,
    can_change_client,
    can_change_contact,
    can_read_information,
    can_see_client,
    clients_acted_for,
    clients_visible_to,
    get_client,
    get_former_information,
    get_linked_login,
    is_login_of,
    logins_acting_for,
    relations_to,
)
from core.people.permissions.logins import MANAGE, can_manage_login, get_login, logins_visible_to
from core.people.permissions.paying import can_pay_for, clients_paid_for_by, clients_with_open_payments
from core.people.permissions.staff import (
    CHANGE,
    SEE,
    can_change_staff,
    can_have_clients,
    can_see_contact_of,
    can_see_staff,
    changeable_roles,
    get_staff_member,
    is_active_staff,
    staff_visible_to,
    staff_with,
)

__all__ = [
    "CHANGE",
    "CHANGE_CONTACT",
    "MANAGE",
    "READ_INFORMATION",
    "SEE",
    "Relation",
    "can_act_for",
    "can_audit_client",
    "can_change_client",
    "can_change_contact",
    "can_change_staff",
    "can_have_clients",
    "can_manage_login",
    "can_pay_for",
    "can_read_information",
    "can_see_client",
    "can_see_contact_of",
    "can_see_staff",
    "changeable_roles",
    "clients_acted_for",
    "clients_audited_by",
    "clients_paid_for_by",
    "clients_visible_to",
    "clients_with_open_payments",
    "get_agent",
    "get_client",
    "get_former_information",
    "get_linked_login",
    "get_login",
    "get_staff_member",
    "is_active_staff",
    "is_agent",
    "relationships_of",
    "is_login_of",
    "logins_acting_for",
    "logins_visible_to",
    "relations_to",
    "staff_visible_to",
    "staff_with",
]
