"""Every permission once, with the sentence an administrator reads, and the roles made of them.

What a role may do inside its organization. Rights over one colleague's schedule or one client are grants (`core.people.grants`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """A right that a role carries; `sentence` is what an administrator reads."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> "Permission":
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    MANAGE_ORGANIZATION = "manage_organization", "Change the organization's brand, words, pages and settings."
    MANAGE_STAFF = "manage_staff", "Invite staff, change their roles, and switch their access on and off."
    MANAGE_CLIENTS = "manage_clients", "Add clients, change them, link logins and agents, and switch access on and off."
    SEE_ALL_CLIENTS = "see_all_clients", "See every client, not only those assigned."
    SEE_CLIENT_INFORMATION = "see_client_information", "Read the additional information kept about clients."
    MANAGE_ALL_SCHEDULES = "manage_all_schedules", "View, change and add appointments on everybody's schedule."
    OWN_SCHEDULE = "own_schedule", "Have a schedule, and add appointments for assigned clients."
    MANAGE_BILLING = "manage_billing", "Set services and rates, issue invoices, take payments and refund them."
    SEE_AUDIT = "see_audit", "Read who did what."


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, described in a paragraph that users see too."""

    code: str
    name: str
    description: str
    permissions: frozenset[Permission]


P = Permission
OWNER = Role(
    "owner",
    "Owner",
    "Runs the organization: everything, including brand, billing and who else may do what.",
    frozenset(P),
)
ADMINISTRATOR = Role(
    "administrator",
    "Administrator",
    "Looks after people, schedules and invoices for everybody, but does not change the organization itself.",
    frozenset(P) - {P.MANAGE_ORGANIZATION},
)
STAFF = Role(
    "staff",
    "Staff",
    "Front desk: sees all clients and looks after their details and appointments.",
    frozenset({P.MANAGE_CLIENTS, P.SEE_ALL_CLIENTS, P.SEE_CLIENT_INFORMATION, P.MANAGE_ALL_SCHEDULES, P.OWN_SCHEDULE}),
)
PRACTITIONER = Role(
    "practitioner",
    "Practitioner",
    "Works with the clients assigned to them, on their own schedule.",
    frozenset({P.OWN_SCHEDULE, P.SEE_CLIENT_INFORMATION}),
)
ROLES = {role.code: role for role in (OWNER, ADMINISTRATOR, STAFF, PRACTITIONER)}


class ClientPermission(StrEnum):
    """What a client's logins may do or see, set per client. Only what some page asks for is here: nobody is offered a right to nothing."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> "ClientPermission":
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    SEE_UPCOMING = "see_upcoming", "See upcoming appointments."
    SEE_HISTORY = "see_history", "See their service history."
    SEE_PAYMENTS = "see_payments", "See invoices and payments, and pay."
    SEE_CONTACTS = "see_contacts", "See the contact details of their practitioners."
    CANCEL_APPOINTMENTS = "cancel_appointments", "Cancel their own appointments."
    HIDE_COSTS = "hide_costs", "See no cost anywhere; invoices go to the agent or payer only."


CLIENT_DEFAULTS = [
    permission.value
    for permission in ClientPermission
    if permission not in (ClientPermission.CANCEL_APPOINTMENTS, ClientPermission.HIDE_COSTS)
]
