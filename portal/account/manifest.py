"""Signing in, and what people do to their own sign-in."""

from core.kernel import limits
from portal.account.audit_codes import AccountAudit
from portal.account.devices import forget_ended_push
from portal.account.passkeys import passkey_elsewhere
from portal.manifests import DashboardCard, Manifest

MANIFEST = Manifest(
    app="account",
    dashboard_cards=(DashboardCard(passkey_elsewhere, "account/_passkey_elsewhere.html", 2),),
    nightly_jobs=(limits.forget_expired, forget_ended_push),
    audit_codes=(AccountAudit,),
    help={
        "account_": ("sign-in", "invitation", "mail", "passkeys"),
        "account_sessions": ("devices", "two-factor"),
        "account_change_password": ("devices", "two-factor"),
        "mfa_": ("two-factor", "passkeys", "devices"),
        "passkey_": ("passkeys", "sign-in"),
        "invitation": ("invitation", "sign-in", "mail"),
        "own_channels": ("channels", "appointments", "mail"),
        "profile": ("devices", "times", "linked-logins"),
    },
)
