"""The audit codes of this app: what people do to their own sign-in."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class AccountAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    LOGIN_DEVICE_SIGNED_OUT = "login.device_signed_out", gettext_noop("Signed out a device"), "smartphone", Tone.WARNING
    LOGIN_NEW_DEVICE = "login.new_device", gettext_noop("Signed in on a new device"), "smartphone", Tone.WARNING
    LOGIN_PASSWORD_CHANGED = "login.password_changed", gettext_noop("Changed the password"), "key-round", Tone.NEUTRAL
    LOGIN_PASSWORD_RESET = "login.password_reset", gettext_noop("Reset the password"), "key-round", Tone.WARNING
    LOGIN_PASSWORD_SET = "login.password_set", gettext_noop("Set a password"), "key-round", Tone.INFO
    LOGIN_RECOVERY_CODES_GENERATED = (
        "login.recovery_codes_generated",
        gettext_noop("Made new recovery codes"),
        "life-buoy",
        Tone.NEUTRAL,
    )
    LOGIN_SESSIONS_ENDED = "login.sessions_ended", gettext_noop("Signed out everywhere else"), "log-out", Tone.WARNING
    LOGIN_SIGNED_IN = "login.signed_in", gettext_noop("Signed in"), "log-in", Tone.NEUTRAL
    LOGIN_TOTP_ACTIVATED = (
        "login.totp_activated",
        gettext_noop("Switched an authenticator app on"),
        "shield-check",
        Tone.SUCCESS,
    )
    LOGIN_TOTP_DEACTIVATED = (
        "login.totp_deactivated",
        gettext_noop("Switched an authenticator app off"),
        "shield-alert",
        Tone.WARNING,
    )
    LOGIN_WEBAUTHN_ADDED = "login.webauthn_added", gettext_noop("Added a passkey"), "shield-check", Tone.SUCCESS
    LOGIN_WEBAUTHN_REMOVED = "login.webauthn_removed", gettext_noop("Removed a passkey"), "shield-alert", Tone.WARNING
