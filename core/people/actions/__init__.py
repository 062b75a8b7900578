"""Everything that can be done with people. Keyword-only, with `by` and `now`; each in one transaction with its audit row."""

from core.people.actions.agents import (
    change_agent,
    dismiss_agent,
    grant_client,
    make_agent,
    revoke_client,
    set_agent_clients,
)
from core.people.actions.assignments import assign_many, assign_practitioner, ensure_assigned, unassign_practitioner
from core.people.actions.channels import (
    add_push_device,
    choose_channels,
    remove_push_device,
    set_channels,
)
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
    put_into_branch,
    restore_client,
)
from core.people.actions.exceptions import end_exception, make_exception
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
    end_push,
    end_sessions,
    send_password_reset,
    switch_access,
)
from core.people.actions.messages import change_message, reset_message, restore_version, test_message
from core.people.actions.own_roles import add_role, change_role_definition, remove_role
from core.people.actions.safeguards import set_safeguards
from core.people.actions.staff import (
    change_role,
    change_staff_member,
    change_staff_status,
    grant_schedule_admin,
    invite_staff_member,
    put_staff_into_branch,
    revoke_schedule_admin,
)
from core.people.actions.texts import (
    confirm_text_number,
    give_text_number,
    remove_text_number,
    set_text_account,
)
from core.people.actions.visitors import receive_prospect, receive_visitor

__all__ = [
    "NewLogin",
    "accept_invitation",
    "add_client",
    "add_login",
    "add_push_device",
    "add_role",
    "archive_client",
    "ask_for_invitation",
    "assign_many",
    "assign_practitioner",
    "bring_back_information",
    "change_agent",
    "change_client",
    "change_client_status",
    "change_login",
    "change_message",
    "change_profile",
    "change_role",
    "change_role_definition",
    "change_staff_member",
    "change_staff_status",
    "choose_channels",
    "confirm_text_number",
    "delete_client",
    "dismiss_agent",
    "end_exception",
    "end_push",
    "end_sessions",
    "ensure_assigned",
    "find_invitation",
    "give_text_number",
    "grant_client",
    "grant_schedule_admin",
    "invite_login",
    "invite_staff_member",
    "link_login",
    "make_agent",
    "make_exception",
    "put_into_branch",
    "put_staff_into_branch",
    "receive_prospect",
    "receive_visitor",
    "remove_push_device",
    "remove_role",
    "remove_text_number",
    "reset_message",
    "restore_client",
    "restore_version",
    "revoke_client",
    "revoke_schedule_admin",
    "send_password_reset",
    "set_agent_clients",
    "set_channels",
    "set_client_permissions",
    "set_permission_for_many",
    "set_safeguards",
    "set_text_account",
    "switch_access",
    "test_message",
    "unassign_practitioner",
    "unlink_login",
    "withdraw_invitation",
]
