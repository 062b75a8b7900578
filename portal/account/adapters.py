"""allauth, made the organization's: no self-registration, its name everywhere, its mails by our outbox, its refusals by our rule."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from branding.queries import current_brand
from core.kernel import audit
from core.people import notifications, queries
from core.people.rules.sign_in import sign_in_refusal
from portal import known_devices
from portal.account import limits
from portal.account.audit_codes import AccountAudit
from portal.account.new_devices import tell_of_new_device
from portal.middleware import client_address

PENDING_LOGIN = "account_login"  # where allauth keeps, in the session, who has given a password and is asked for more
SILENT_MESSAGES = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation only, and only while they may sign in."""

    error_messages = {  # noqa: RUF012 because allauth reads the attribute of the class
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and password do not belong together. Check both, or ask for a new password."),
        "too_many_login_attempts": _("This code was mistyped too often. Ask for another one."),
        "incorrect_code": _("This code is not right, or it has run out."),
    }  # fmt: skip

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Password for password, also of somebody who is signed in: counted as a wrong one before it is looked at."""
        login = credentials.get("email") or ""
        guess = limits.guess(request, what="password", login=login, user=queries.login_by_email(login))
        found = super().authenticate(request, **credentials)
        if found is not None:
            guess.right()
        return found

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **hooks: Any) -> HttpResponse | None:
        """Every way to sign in passes here first: password, code, passkey, invitation."""
        return _refused(user) or super().pre_login(request, user, **hooks)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """And here last, after a second factor: what was true when the password was typed may not be true any more."""
        if (refused := _refused(user)) is not None:
            raise ImmediateHttpResponse(refused)
        request.is_first_sign_in = user.last_login is None  # type: ignore[attr-defined]  # before it is noted
        super().login(request, user)
        request.session.pop(
            PENDING_LOGIN, None
        )  # because whoever began to sign in before has not, and must not in this one's place
        audit.record(AccountAudit.LOGIN_SIGNED_IN, by=user, subject=user)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **hooks: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **hooks)
        tell_of_new_device(request, user, is_first=getattr(request, "is_first_sign_in", False))  # type: ignore[arg-type]
        known_devices.remember(request, response, limits.as_known(user))  # type: ignore[arg-type]
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand allauth's mails to the outbox: they leave in the organization's brand, and are logged."""
        user = context.get("user") or queries.login_by_email(email)
        kind = template_prefix.rsplit("/", 1)[-1]
        if user is None:
            return  # because an address that nobody has gets no mail, and the page does not tell
        if kind == "login_code":
            notifications.login_code_requested(user, code=context["code"])
        else:
            raise LookupError(f"no mail is written for {template_prefix}")

    @transaction.atomic
    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell people that something about their sign-in was changed, and note it in the audit."""
        event = template_prefix.rsplit("/", 1)[-1]
        audit.record(AccountAudit(f"login.{event}"), by=user, subject=user)
        address = self.get_client_ip(self.request) if self.request else ""
        notifications.security_changed(user, event=event, address=address)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:  # fmt: skip
        """Signing in and out shows; saying so as well is noise."""
        if message_template not in SILENT_MESSAGES:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104 because a unix socket has no address


class MFAAdapter(DefaultMFAAdapter):
    """The authenticator shows the organization's name for ever: it must be the organization's."""

    def get_totp_issuer(self) -> str:
        return current_brand().name

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """A first name for a passkey; people rename it."""
        number = Authenticator.objects.filter(user=user, type=type).count()
        return str(_("My passkey")) if number == 0 else str(_("My passkey %(number)d") % {"number": number + 1})

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return {**super().get_public_key_credential_rp_entity(), "name": current_brand().name}


def _refused(user: AbstractBaseUser) -> HttpResponse | None:
    refusal = sign_in_refusal(queries.login_facts(user))  # type: ignore[arg-type]
    return redirect("account_inactive") if refusal is not None else None
