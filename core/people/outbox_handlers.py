"""The mails about signing in, sent when the outbox says so. Each looks again at the moment of sending."""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications import mail
from core.people import notifications, outbox_names, queries
from core.people.models import Invitation, User
from core.people.rules.invitations import InvitationState
from core.people.rules.sign_in import sign_in_refusal
from tenants.absolute_urls import absolute_url


@outbox.handler(outbox_names.SEND_INVITATION)
def send_invitation(message: OutboxMessage) -> None:
    """The invitation in the inviter's name; nothing if the link has been replaced, withdrawn or used meanwhile."""
    found = Invitation.objects.select_related("user").filter(pk=message.payload["invitation_id"]).first()
    if found is None or found.state_at(clock.now()) != InvitationState.OPEN:
        raise outbox.Obsolete("the invitation is no longer open")
    user = _still_welcome(found.user_id)
    context = notifications.invitation_mail_context(found)
    sender = found.invited_by if context["by_person"] else ""
    to = notifications.mail_recipient(user)
    mail.send(message, template="emails/invitation.mjml", to=to, context=context, sender_name=sender, about=user)


@outbox.handler(outbox_names.SEND_PASSWORD_RESET)
def send_password_reset(message: OutboxMessage) -> None:
    """The link for a new password, made at the moment of sending."""

    user = _still_welcome(message.payload["user_id"])
    if not user.has_usable_password() and queries.latest_invitation(user.pk) is None:
        raise outbox.Obsolete("never invited")
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    context = {"link": absolute_url(path)}
    mail.send(
        message,
        template="emails/password_reset.mjml",
        to=notifications.mail_recipient(user),
        context=context,
        about=user,
    )


@outbox.handler(outbox_names.SEND_LOGIN_CODE)
def send_login_code(message: OutboxMessage) -> None:
    """The one-time code; nothing when it has run out."""
    if datetime.fromisoformat(message.payload["expires_at"]) <= clock.now():
        raise outbox.Obsolete("the code has run out")
    user = _still_welcome(message.payload["user_id"])
    context = {"code": message.payload["code"]}
    mail.send(
        message, template="emails/account_code.mjml", to=notifications.mail_recipient(user), context=context, about=user
    )


@outbox.handler(outbox_names.SEND_SECURITY_NOTICE)
def send_security_notice(message: OutboxMessage) -> None:
    """Something about the sign-in was changed: a password, a second factor."""
    user = User.objects.filter(pk=message.payload["user_id"]).first()
    if user is None:
        raise outbox.Obsolete("the login is gone")
    context = notifications.security_mail_context(
        event=message.payload["event"], at=message.created_at, address=message.payload.get("address", "")
    )
    mail.send(
        message,
        template="emails/account_notice.mjml",
        to=notifications.mail_recipient(user),
        context=context,
        about=user,
    )


def _still_welcome(user_id: object) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None or sign_in_refusal(queries.login_facts(user)) is not None:
        raise outbox.Obsolete("this login may not sign in")
    return user
