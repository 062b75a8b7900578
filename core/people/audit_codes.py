"""The audit codes of this app: what is done to people: clients, staff, agents, logins, their rights."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class PeopleAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    AGENT_ADDED = "agent.added", gettext_noop("%(Agent)s added"), "user-plus", Tone.INFO
    AGENT_CHANGED = "agent.changed", gettext_noop("%(Agent)s changed"), "pencil", Tone.NEUTRAL
    AGENT_DISMISSED = "agent.dismissed", gettext_noop("%(Agent)s dismissed"), "user-x", Tone.DANGER
    CHANNELS_CHANGED = "channels.changed", gettext_noop("Changed how people hear of things"), "bell", Tone.INFO
    CHANNELS_CHOSEN = "channels.chosen", gettext_noop("Chose how to hear of things"), "bell", Tone.NEUTRAL
    CLIENT_ADDED = "client.added", gettext_noop("Added"), "user-plus", Tone.INFO
    CLIENT_ARCHIVED = "client.archived", gettext_noop("Put into the archive"), "archive", Tone.WARNING
    # As older rows have it, of assignments by the first appointment.
    CLIENT_ASSIGNED = "client.assigned", gettext_noop("Assigned"), "link", Tone.INFO
    CLIENT_CHANGED = "client.changed", gettext_noop("Changed details"), "pencil", Tone.NEUTRAL
    CLIENT_DELETED = "client.deleted", gettext_noop("Deleted"), "trash-2", Tone.DANGER
    CLIENT_FORMER_INFORMATION_READ = (
        "client.former_information_read",
        gettext_noop("Read former notes"),
        "eye",
        Tone.NEUTRAL,
    )
    CLIENT_INFORMATION_BROUGHT_BACK = (
        "client.information_brought_back",
        gettext_noop("Brought former notes back"),
        "undo-2",
        Tone.INFO,
    )
    CLIENT_LOGIN_LINKED = "client.login_linked", gettext_noop("Linked a login"), "link", Tone.INFO
    CLIENT_LOGIN_UNLINKED = "client.login_unlinked", gettext_noop("Unlinked a login"), "circle-x", Tone.WARNING
    CLIENT_PERMISSIONS_CHANGED = "client.permissions_changed", gettext_noop("Changed permissions"), "lock", Tone.NEUTRAL
    CLIENT_PRACTITIONER_ASSIGNED = "client.practitioner_assigned", gettext_noop("Assigned"), "link", Tone.INFO
    CLIENT_PRACTITIONER_UNASSIGNED = (
        "client.practitioner_unassigned",
        gettext_noop("Unassigned"),
        "circle-x",
        Tone.WARNING,
    )
    CLIENT_READ = "client.read", gettext_noop("Opened the page"), "eye", Tone.NEUTRAL
    CLIENT_RESTORED = "client.restored", gettext_noop("Taken out of the archive"), "undo-2", Tone.INFO
    CLIENT_STATUS_CHANGED = "client.status_changed", gettext_noop("Changed the status"), "refresh-cw", Tone.NEUTRAL
    GRANT_GIVEN = "grant.given", gettext_noop("Gave a right"), "lock-open", Tone.INFO
    GRANT_REVOKED = "grant.revoked", gettext_noop("Took a right away"), "lock", Tone.WARNING
    INVITATION_ACCEPTED = "invitation.accepted", gettext_noop("Invitation accepted"), "mail-check", Tone.SUCCESS
    INVITATION_SENT = "invitation.sent", gettext_noop("Invitation sent"), "mail-plus", Tone.INFO
    INVITATION_WITHDRAWN = "invitation.withdrawn", gettext_noop("Invitation withdrawn"), "x", Tone.WARNING
    INVITATION_TEXT_CHANGED = (
        "invitation_text.changed",
        gettext_noop("Changed the invitation"),
        "pen-line",
        Tone.NEUTRAL,
    )
    INVITATION_TEXT_RESET = (
        "invitation_text.reset",
        gettext_noop("Went back to the standard invitation"),
        "rotate-ccw",
        Tone.NEUTRAL,
    )
    LOGIN_ADDED = "login.added", gettext_noop("Login added"), "user-plus", Tone.INFO
    LOGIN_CHANGED = "login.changed", gettext_noop("Login changed"), "pencil", Tone.NEUTRAL
    LOGIN_IDLE_ENDED = "login.idle_ended", gettext_noop("Logged off after doing nothing"), "clock", Tone.NEUTRAL
    LOGIN_PASSWORD_RESET_SENT = (
        "login.password_reset_sent",
        gettext_noop("Sent a link for a new password"),
        "mail",
        Tone.NEUTRAL,
    )
    LOGIN_SWITCHED_OFF = "login.switched_off", gettext_noop("Access switched off"), "lock", Tone.DANGER
    LOGIN_SWITCHED_ON = "login.switched_on", gettext_noop("Access switched on"), "lock-open", Tone.SUCCESS
    PERMISSION_GIVEN = "permission.given", gettext_noop("Gave a right by exception"), "lock-open", Tone.INFO
    PERMISSION_WITHHELD = "permission.withheld", gettext_noop("Withheld a right"), "lock", Tone.WARNING
    PERMISSION_EXCEPTION_ENDED = (
        "permission.exception_ended",
        gettext_noop("Went back to what the role says"),
        "rotate-ccw",
        Tone.NEUTRAL,
    )
    PROFILE_CHANGED = "profile.changed", gettext_noop("Changed their own profile"), "circle-user-round", Tone.NEUTRAL
    PUSH_DEVICE_ADDED = "push_device.added", gettext_noop("Push switched on for a device"), "smartphone", Tone.INFO
    PUSH_DEVICE_REMOVED = (
        "push_device.removed",
        gettext_noop("Push switched off for a device"),
        "smartphone",
        Tone.NEUTRAL,
    )
    ROLE_ADDED = "role.added", gettext_noop("Role added"), "shield-check", Tone.INFO
    ROLE_CHANGED = "role.changed", gettext_noop("Role changed"), "shield-check", Tone.WARNING
    ROLE_REMOVED = "role.removed", gettext_noop("Role removed"), "trash-2", Tone.DANGER
    SAFEGUARDS_CHANGED = (
        "safeguards.changed",
        gettext_noop("Changed how sign-ins are guarded"),
        "shield-check",
        Tone.WARNING,
    )
    STAFF_ADDED = "staff.added", gettext_noop("Added"), "user-plus", Tone.INFO
    STAFF_CHANGED = "staff.changed", gettext_noop("Changed details"), "pencil", Tone.NEUTRAL
    STAFF_ROLE_CHANGED = "staff.role_changed", gettext_noop("Changed the role"), "user-cog", Tone.NEUTRAL
    STAFF_STATUS_CHANGED = "staff.status_changed", gettext_noop("Changed the status"), "refresh-cw", Tone.NEUTRAL
    TEXT_ACCOUNT_CHANGED = (
        "text_account.changed",
        gettext_noop("Changed how text messages leave"),
        "message-square",
        Tone.INFO,
    )
    TEXT_NUMBER_CONFIRMED = (
        "text_number.confirmed",
        gettext_noop("Agreed to text messages"),
        "message-square",
        Tone.SUCCESS,
    )
    TEXT_NUMBER_GIVEN = "text_number.given", gettext_noop("Gave a mobile number"), "message-square", Tone.NEUTRAL
    TEXT_NUMBER_REMOVED = (
        "text_number.removed",
        gettext_noop("Took the mobile number away"),
        "message-square",
        Tone.NEUTRAL,
    )
