"""Every permission once, with the sentence an administrator reads, and the roles made of them.

What a role may do inside its organization. An organization makes roles of its own besides, copied from one of these, and one person can be
given a permission that their role lacks, or denied one that it carries. Rights over one colleague's schedule or one
client are grants: they are given to one login, over one person, and no role carries them.
docs/rules/roles.md has a worked table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.kernel.translation import gettext_noop, translate


class Permission(StrEnum):
    """A right that a role carries; `sentence` is what an administrator reads."""

    english: str

    def __new__(cls, code: str, sentence: str) -> "Permission":
        member = str.__new__(cls, code)
        member._value_ = code
        member.english = sentence
        return member

    @property
    def sentence(self) -> str:
        """In the language in force, with the organization's nouns."""
        return translate(self.english)

    MANAGE_ORGANIZATION = (
        "manage_organization",
        gettext_noop("Change the brand, words, pages and settings of the %(organization)s."),
    )
    MANAGE_HOSTS = (
        "manage_hosts",
        gettext_noop("Connect web addresses of one’s own, and remove them."),
    )
    MANAGE_STAFF = (
        "manage_staff",
        gettext_noop("Invite %(staff_members)s, change their roles, and switch their access on and off."),
    )
    MANAGE_SENDER = (
        "manage_sender",
        gettext_noop("Set from which address mail leaves, and look after its domain or mail server."),
    )
    MANAGE_CLIENTS = (
        "manage_clients",
        gettext_noop("Add %(clients)s, change them, link logins and %(agents)s, and switch access on and off."),
    )
    SEE_ALL_CLIENTS = "see_all_clients", gettext_noop("See every %(client)s, not only those assigned.")
    SEE_CLIENT_INFORMATION = (
        "see_client_information",
        gettext_noop("Read the additional information kept about %(clients)s."),
    )
    KEEP_RECORDS = (
        "keep_records",
        gettext_noop(
            "Keep notes and goals of assigned %(clients)s, send them forms, and read what others have written about them."
        ),
    )
    SEE_ALL_RECORDS = (
        "see_all_records",
        gettext_noop("Keep notes and goals of every %(client)s, and write the templates for notes and the forms."),
    )
    MANAGE_ALL_SCHEDULES = (
        "manage_all_schedules",
        gettext_noop("View and change %(appointments)s on everybody's schedule."),
    )
    OWN_SCHEDULE = "own_schedule", gettext_noop("Have a schedule, with assigned %(clients)s.")
    ADD_APPOINTMENTS = "add_appointments", gettext_noop("Add %(appointments)s to a schedule that they look after.")
    MANAGE_BILLING = (
        "manage_billing",
        gettext_noop("Set %(services)s and rates, issue %(invoices)s and refund payments."),
    )
    TAKE_PAYMENTS = (
        "take_payments",
        gettext_noop("Take payments: read the %(invoices)s of %(clients)s whom they see, and note what came in."),
    )
    MANAGE_WAGES = (
        "manage_wages",
        gettext_noop("Set what %(practitioners)s earn, see it of everybody, and pay it out."),
    )
    MANAGE_LEGAL_TEXTS = (
        "manage_legal_texts",
        gettext_noop("Write legal texts and publish them, and see who has accepted them."),
    )
    SEE_AUDIT = "see_audit", gettext_noop("Read who did what.")


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, described in a paragraph that users see too."""

    code: str
    title: str
    paragraph: str
    permissions: frozenset[Permission]

    @property
    def name(self) -> str:
        """The title in the language in force."""
        return translate(self.title)

    @property
    def description(self) -> str:
        """The paragraph in the language in force."""
        return translate(self.paragraph)


P = Permission
OWNER = Role(
    "owner",
    gettext_noop("Owner"),
    gettext_noop("Runs the %(organization)s: everything, including brand, billing and who else may do what."),
    frozenset(P),
)
ADMINISTRATOR = Role(
    "administrator",
    gettext_noop("Administrator"),
    gettext_noop(
        "Looks after people, schedules and %(invoices)s for everybody, but does not change the %(organization)s itself."
    ),
    frozenset(P) - {P.MANAGE_ORGANIZATION},
)
STAFF = Role(
    "staff",
    gettext_noop("%(Staff_members)s"),
    gettext_noop("Front desk: sees all %(clients)s and looks after their details and %(appointments)s."),
    frozenset(
        {
            P.MANAGE_CLIENTS,
            P.SEE_ALL_CLIENTS,
            P.SEE_CLIENT_INFORMATION,
            P.KEEP_RECORDS,
            P.MANAGE_ALL_SCHEDULES,
            P.OWN_SCHEDULE,
            P.ADD_APPOINTMENTS,
        }
    ),
)
PRACTITIONER = Role(
    "practitioner",
    gettext_noop("%(Practitioner)s"),
    gettext_noop("Works with the %(clients)s assigned to them, on their own schedule."),
    frozenset({P.OWN_SCHEDULE, P.ADD_APPOINTMENTS, P.SEE_CLIENT_INFORMATION, P.KEEP_RECORDS}),
)
ROLES = {role.code: role for role in (OWNER, ADMINISTRATOR, STAFF, PRACTITIONER)}


# What an own role is made from: whoever copies an owner's rights makes no owner, because owners run the organization whatever is edited.
BASES = {OWNER.code: ADMINISTRATOR.code}


def base_of(code: str) -> str:
    """Which built-in role stands behind an own one that is copied from `code`."""
    return BASES.get(code, code)


CODES = frozenset(each.value for each in Permission)


def known(codes: Iterable[str]) -> frozenset[Permission]:
    """The permissions with these codes; what this release does not know any more is left out."""
    return frozenset(Permission(code) for code in codes if code in CODES)


def roles_with(permission: Permission) -> list[str]:
    """The codes of the roles that carry a permission."""
    return [role.code for role in ROLES.values() if permission in role.permissions]


class ClientPermission(StrEnum):
    """What a client's logins may do or see, set per client. Only what some page asks for is here: nobody is offered a right to nothing."""

    english: str

    def __new__(cls, code: str, sentence: str) -> "ClientPermission":
        member = str.__new__(cls, code)
        member._value_ = code
        member.english = sentence
        return member

    @property
    def sentence(self) -> str:
        """In the language in force, with the organization's nouns."""
        return translate(self.english)

    SEE_UPCOMING = "see_upcoming", gettext_noop("See upcoming %(appointments)s.")
    SEE_HISTORY = "see_history", gettext_noop("See their history of %(services)s.")
    SEE_PAYMENTS = "see_payments", gettext_noop("See %(invoices)s and payments, and pay.")
    SEE_CONTACTS = "see_contacts", gettext_noop("See the contact details of their %(practitioners)s.")
    COMPLETE_REQUESTS = "complete_requests", gettext_noop("Fill in the forms that are sent to them.")
    UPDATE_AVAILABILITY = "update_availability", gettext_noop("Say when they can come.")
    REQUEST_APPOINTMENTS = "request_appointments", gettext_noop("Ask for %(appointments)s, and for other times.")
    CANCEL_APPOINTMENTS = "cancel_appointments", gettext_noop("Cancel their own %(appointments)s.")
    HIDE_COSTS = "hide_costs", gettext_noop("See no cost anywhere; %(invoices)s go to the %(agent)s or %(payer)s only.")


CLIENT_DEFAULTS = [
    permission.value
    for permission in ClientPermission
    if permission not in (ClientPermission.CANCEL_APPOINTMENTS, ClientPermission.HIDE_COSTS)
]
