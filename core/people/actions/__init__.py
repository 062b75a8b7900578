"""Everything that can be done with people. Keyword-only, with `by` and `now`; each in one transaction with its audit row."""

from core.people.actions.agents import (
    change_agent,
    dismiss_agent,
    grant_client,
    make_agent,
    revoke_client,
    set_agent_clients,
)
from core.people.actions.assignments import assign_practitioner, ensure_assigned, unassign_practitioner
from core.people.actions.client_permissions import set_client_permissions, set_permission_for_many
from core.people.actions.clients import (
    NewLogin,
    add_client,
    add_login,
    archive_client,
    bring_back_information,
    change_client,
    change_client_status,
    delete_client,
    restore_client,
)
from core.people.actions.invitations import (
    accept_invitation,
    ask_for_invitation,
    find_invitation,
    invite_login,
    withdraw_invitation,
)
from core.people.actions.linked_logins import link_login, unlink_login
from core.people.actions.logins import (
    change_login,
    change_profile,
    end_sessions,
    send_password_reset,
    switch_access,
)
from core.people.actions.messages import change_message, reset_message, restore_version, test_message
from core.people.actions.staff import (
    change_role,
    change_staff_member,
    change_staff_status,
    grant_schedule_admin,
    invite_staff_member,
    revoke_schedule_admin,
)
from core.people.actions.visitors import receive_visitor

__all__ = [
    "NewLogin",
    "accept_invitation",
    "add_client",
    "add_login",
    "archive_client",
    "ask_for_invitation",
    "assign_practitioner",
    "bring_back_information",
    "change_agent",
    "change_client",
    "change_client_status",
    "change_login",
    "change_message",
    "change_profile",
    "change_role",
    "change_staff_member",
    "change_staff_status",
    "delete_client",
    "dismiss_agent",
    "end_sessions",
    "ensure_assigned",
    "find_invitation",
    "grant_client",
    "grant_schedule_admin",
    "invite_login",
    "invite_staff_member",
    "link_login",
    "make_agent",
    "reset_message",
    "restore_client",
    "restore_version",
    "receive_visitor",
    "revoke_client",
    "revoke_schedule_admin",
    "send_password_reset",
    "set_agent_clients",
    "set_client_permissions",
    "set_permission_for_many",
    "switch_access",
    "test_message",
    "unassign_practitioner",
    "unlink_login",
    "withdraw_invitation",
]
