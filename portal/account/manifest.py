"""Signing in, and what people do to their own sign-in."""

from core.kernel import limits
from portal.account.audit_codes import AccountAudit
from portal.manifests import Manifest

MANIFEST = Manifest(
    app="account",
    nightly_jobs=(limits.forget_expired,),
    audit_codes=(AccountAudit,),
    help={
        "account_": ("sign-in", "invitation", "mail", "passkeys"),
        "account_sessions": ("devices", "two-factor"),
        "account_change_password": ("devices", "two-factor"),
        "mfa_": ("two-factor", "passkeys", "devices"),
        "invitation": ("invitation", "sign-in", "mail"),
        "profile": ("devices", "times", "linked-logins"),
    },
)
