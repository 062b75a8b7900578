"""What is noted in the history of the platform, which operators read, in English: acts on organizations, hosts and operators themselves."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class PlatformAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    ORGANIZATION_PROVISIONED = "organization.provisioned", "Provisioned", "rocket", Tone.SUCCESS
    ORGANIZATION_SUSPENDED = "organization.suspended", "Suspended", "circle-pause", Tone.WARNING
    ORGANIZATION_RESUMED = "organization.resumed", "Resumed", "circle-play", Tone.SUCCESS
    ORGANIZATION_CLOSING = "organization.closing", "Closing begun", "archive", Tone.DANGER
    ORGANIZATION_CLOSED = "organization.closed", "Closed", "archive", Tone.DANGER
    PLAN_CHANGED = "organization.plan_changed", "Plan changed", "package", Tone.INFO
    ENTITLEMENT_CHANGED = "organization.entitlement_changed", "Entitlement changed", "toggle-right", Tone.INFO
    DOMAIN_ADDED = "domain.added", "Host added", "globe", Tone.INFO
    DOMAIN_VERIFIED = "domain.verified", "Host verified", "badge-check", Tone.SUCCESS
    DOMAIN_MADE_PRIMARY = "domain.made_primary", "Primary host changed", "star", Tone.INFO
    DOMAIN_REMOVED = "domain.removed", "Host removed", "trash-2", Tone.WARNING
    DOMAIN_STATE = "domain.state_changed", "Host's state changed", "activity", Tone.INFO
    DOMAIN_REDIRECTED = "domain.redirected", "Redirect of a host changed", "arrow-right", Tone.INFO
    DOMAIN_BRANCH = "domain.branch", "Branch of a host changed", "map-pin", Tone.INFO
    OPERATOR_CREATED = "operator.created", "Operator created", "user-plus", Tone.INFO
    OPERATOR_PASSWORD_SET = "operator.password_set", "Operator's password set anew", "key-round", Tone.WARNING
    OPERATOR_ENROLLED = "operator.enrolled", "Device enrolled", "smartphone", Tone.INFO
    OPERATOR_SIGNED_IN = "operator.signed_in", "Signed in", "log-in", Tone.NEUTRAL
    OPERATOR_SIGNED_OUT = "operator.signed_out", "Signed out", "log-out", Tone.NEUTRAL
    OPERATOR_SIGN_IN_REFUSED = "operator.sign_in_refused", "Sign-in refused", "shield-alert", Tone.WARNING
    PROMISES_TRIED_AGAIN = "promises.tried_again", "Failed promises tried again", "refresh-cw", Tone.INFO
    TASK_RUN_AGAIN = "task.run_again", "Background work run again", "refresh-cw", Tone.INFO
    MIGRATION_FAILED = "fleet.migration_failed", "Migration failed", "database", Tone.DANGER


class DomainAudit(AuditCode):
    """The same in an organization's own audit, which its administrators read."""

    HOST_ADDED = "host.added", gettext_noop("Web address added"), "globe", Tone.INFO
    HOST_STATE_CHANGED = "host.state_changed", gettext_noop("State of a web address changed"), "globe", Tone.INFO
    HOST_MADE_PRIMARY = "host.made_primary", gettext_noop("Primary web address changed"), "star", Tone.INFO
    HOST_REDIRECTED = "host.redirected", gettext_noop("Redirect of a web address changed"), "arrow-right", Tone.INFO
    HOST_BRANCH_CHANGED = (
        "host.branch_changed",
        gettext_noop("Branch of a web address changed"),
        "map-pin",
        Tone.INFO,
    )
    HOST_REMOVED = "host.removed", gettext_noop("Web address removed"), "trash-2", Tone.WARNING


class PlanAudit(AuditCode):
    """What changes about an organization's plan, in its own audit."""

    PLAN_CHANGED = "plan.changed", gettext_noop("Plan changed"), "package", Tone.INFO
    ENTITLEMENT_CHANGED = "entitlement.changed", gettext_noop("Something beside the plan changed"), "package", Tone.INFO


def code_of(action: str) -> PlatformAudit | None:
    """The code under which an event was stored; None for one of an earlier release."""
    return next((code for code in PlatformAudit if code.value == action), None)
