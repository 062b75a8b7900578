"""Clients, staff, agents and their logins."""

from django.utils.translation import gettext_lazy as _

from core.people.audit_codes import PeopleAudit
from core.people.messages import MESSAGES
from core.people.reasons import PeopleReason
from core.people.roles import Permission
from portal import client_tabs
from portal.client_label import clients_label
from portal.manifests import ClientTab, Manifest, NavigationEntry
from portal.navigation import everybody, works_here
from portal.people.message_previews import PREVIEWS
from portal.people.setup_steps import STEPS

MANIFEST = Manifest(
    app="people",
    navigation=(
        NavigationEntry("people:clients", "users", 40, everybody, name=clients_label),
        NavigationEntry("people:staff", "briefcase", 50, works_here, term="staff_member"),
        NavigationEntry(
            "people:agents", "heart-handshake", 60, lambda user: user.may(Permission.MANAGE_CLIENTS), term="agent"
        ),
    ),
    client_tabs=(ClientTab("people:client", 10, client_tabs.everybody, label=_("Overview")),),
    setup_steps=STEPS,
    audit_codes=(PeopleAudit,),
    reason_codes=(PeopleReason,),
    permissions=(
        Permission.MANAGE_STAFF,
        Permission.MANAGE_CLIENTS,
        Permission.SEE_ALL_CLIENTS,
        Permission.SEE_CLIENT_INFORMATION,
    ),
    messages=MESSAGES,
    message_previews=PREVIEWS,
    help={
        "people:client": ("staff-clients", "staff-permissions", "linked-logins", "agents"),
        "people:bulk": ("staff-permissions",),
        "people:login": ("staff-clients", "mail", "invitation"),
        "people:staff": ("staff-roles", "staff-start"),
        "people:role": ("staff-own-roles", "staff-roles"),
        "people:hand": ("staff-hand-over", "staff-roles"),
        "people:rights": ("staff-own-roles", "staff-roles"),
        "people:exception": ("staff-own-roles",),
        "people:roles": ("staff-own-roles", "staff-roles", "staff-permissions"),
        "people:agent": ("staff-agents", "agents"),
    },
)
