"""The mails about signing in, sent when the outbox says so. Each looks again at the moment of sending."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from branding.senders.queries import current_sender
from branding.speaking import where_promised
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail, text_messages
from core.notifications.channels import text_number_of
from core.notifications.messages import Channel, Content, Message, find
from core.notifications.models import NotificationSettings
from core.notifications.rules.message_text import MessageText
from core.notifications.text_messages import TextReader
from core.people import messages, notifications, outbox_names, queries
from core.people.models import Invitation, StaffMember, User
from core.people.passkeys import goes, is_left_behind, needs_host
from core.people.permissions import staff_with
from core.people.roles import Permission
from core.people.rules.invitations import InvitationState
from core.people.rules.sign_in import sign_in_refusal
from tenants import domains
from tenants.absolute_urls import absolute_url, organization_host, path_of
from tenants.context import current_organization


def _page(message: OutboxMessage) -> str:
    """The page of the login that a mail about signing in concerns."""
    return path_of("people:login", message.about_id) if message.about_id else ""


def _those_who_invite(message: OutboxMessage) -> list[Any]:
    """Who can do something about a login that no mail reaches."""
    is_staff = StaffMember.objects.filter(user=message.about_id or None).exists()
    people = staff_with(Permission.MANAGE_STAFF if is_staff else Permission.MANAGE_CLIENTS)
    return [member.user_id for member in people if str(member.user_id) != message.about_id]


_LOGIN: dict[str, Any] = {"is_mail": True, "page": _page, "answerable": _those_who_invite}


@outbox.handler(outbox_names.SEND_INVITATION, label=gettext_noop("Mail: invitation"), **_LOGIN)
def send_invitation(message: OutboxMessage) -> None:
    """The invitation in the inviter's name; nothing if the link has been replaced, withdrawn or used meanwhile."""
    found = Invitation.objects.select_related("user").filter(pk=message.payload["invitation_id"]).first()
    if found is None or found.state_at(clock.now()) != InvitationState.OPEN:
        raise outbox.Obsolete("the invitation is no longer open")
    user = _still_welcome(found.user_id)
    mail.send(
        message,
        messages.INVITATION,
        to=notifications.mail_recipient(user),
        content=lambda: notifications.invitation_content(found),
        sender_name=found.invited_by if found.inviter_id is not None else "",
        about=user,
    )


@outbox.handler(outbox_names.SEND_PASSWORD_RESET, label=gettext_noop("Mail: new password"), **_LOGIN)
def send_password_reset(message: OutboxMessage) -> None:
    """The link for a new password, made at the moment of sending."""

    user = _still_welcome(message.payload["user_id"])
    if not user.has_usable_password() and queries.latest_invitation(user.pk) is None:
        raise outbox.Obsolete("never invited")
    mail.send(
        message,
        messages.PASSWORD_RESET,
        to=notifications.mail_recipient(user),
        content=lambda: notifications.password_reset_content(_reset_link(user)),
        about=user,
    )


@outbox.handler(outbox_names.SEND_LOGIN_CODE, label=gettext_noop("Mail: one-time code"), **_LOGIN)
def send_login_code(message: OutboxMessage) -> None:
    """The one-time code; nothing when it has run out."""
    if datetime.fromisoformat(message.payload["expires_at"]) <= clock.now():
        raise outbox.Obsolete("the code has run out")
    user = _still_welcome(message.payload["user_id"])
    mail.send(
        message,
        messages.LOGIN_CODE,
        to=notifications.mail_recipient(user),
        content=lambda: notifications.login_code_content(message.payload["code"]),
        about=user,
    )


@outbox.handler(outbox_names.SEND_SECURITY_NOTICE, label=gettext_noop("Mail: change of the sign-in"), **_LOGIN)
def send_security_notice(message: OutboxMessage) -> None:
    """Something about the sign-in was changed: a password, a second factor."""
    user = User.objects.filter(pk=message.payload["user_id"]).first()
    if user is None:
        raise outbox.Obsolete("the login is gone")
    facts = message.payload
    happened_at = datetime.fromisoformat(facts["at"]) if "at" in facts else message.created_at
    event, address = facts["event"], facts.get("address", "")
    if event == notifications.HOST_CHANGED:
        if not is_left_behind(user.pk, organization_host()):
            raise outbox.Obsolete("they have a passkey for the address of today")
        kind, content = messages.HOST_CHANGED, notifications.new_address_content
    elif event == notifications.HOST_GOES:
        if not needs_host(user.pk, facts["host"]):
            raise outbox.Obsolete("they have a passkey for another address by now")
        is_going, is_still_there = goes(facts["host"])
        if not is_going:
            raise outbox.Obsolete("the address is kept")
        until = facts["until"] if is_still_there else ""
        kind, content = messages.HOST_GOES, partial(notifications.passkey_host_content, facts["host"], until)
    else:
        kind = messages.SECURITY_NOTICE
        content = partial(notifications.security_content, event=event, at=happened_at, address=address)
    mail.send(message, kind, to=notifications.mail_recipient(user), content=content, about=user)


@outbox.handler(outbox_names.SEND_TEST_MESSAGE, label=gettext_noop("Test of a message"), **_LOGIN)
def send_test_message(message: OutboxMessage) -> None:
    """The words that somebody tries on themselves, with made-up facts; nothing if the message is gone."""
    facts = message.payload
    kind = find(facts.get("channel", Channel.EMAIL), facts["code"])
    if kind is None:
        raise outbox.Obsolete("there is no such message")
    user, text = _still_welcome(facts["user_id"]), MessageText(**facts["text"])
    with where_promised(message):
        if kind.channel == Channel.SMS:
            _text_test(message, kind, user, text)
        else:
            to = replace(notifications.mail_recipient(user), language=facts["language"])
            mail.send_test(message, kind, to=to, text=text)


def _text_test(message: OutboxMessage, kind: Message, user: User, text: MessageText) -> None:
    number = text_number_of(user.pk) if NotificationSettings.current().has_texts else ""
    if not number:
        raise outbox.Obsolete("there is no number to which it could go")
    to = TextReader(str(user.pk), number, user.time_zone, message.payload["language"])
    text_messages.send(message, kind, to=to, content=kind.sample, text=text, is_test=True)


@outbox.handler(outbox_names.SEND_SENDER_NEWS, label=gettext_noop("Mail: news of the sender"), **_LOGIN)
def send_sender_news(message: OutboxMessage) -> None:
    """What became of the own sender; nothing for somebody who no longer looks after it."""
    user, sender = User.objects.filter(pk=message.payload["user_id"]).first(), current_sender()
    if user is None or not user.may(Permission.MANAGE_SENDER):
        raise outbox.Obsolete("no longer theirs to look after")
    mail.send(
        message,
        messages.SENDER_NEWS,
        to=notifications.mail_recipient(user),
        content=lambda: notifications.sender_content(message.payload, sender),
        about=user,
    )


@outbox.handler(
    outbox_names.SEND_HOST_LOSS, label=gettext_noop("Mail: a web address belongs to somebody else"), **_LOGIN
)
def send_host_loss(message: OutboxMessage) -> None:
    """A host of the organization's own is somebody else's now; nothing if the person no longer looks after hosts, or it is theirs again."""
    user, host = User.objects.filter(pk=message.payload["user_id"], is_active=True).first(), message.payload["host"]
    if user is None or not user.may(Permission.MANAGE_HOSTS):
        raise outbox.Obsolete("no longer looks after hosts")
    if any(known.domain == host and known.is_served for known in domains.hosts_of(current_organization().pk)):
        raise outbox.Obsolete("the host is theirs again")
    mail.send(
        message,
        messages.HOST_LOSS,
        to=notifications.mail_recipient(user),
        content=lambda: notifications.host_loss_content(host),
        about=user,
    )


@outbox.handler(outbox_names.SEND_HOST_NOTICE, label=gettext_noop("Mail: a web address needs attention"), **_LOGIN)
def send_host_notice(message: OutboxMessage) -> None:
    """A host of the organization's own stopped working; nothing if it works again, or the person no longer looks after hosts."""
    facts = message.payload
    user = User.objects.filter(pk=facts["user_id"], is_active=True).first()
    if user is None or not user.may(Permission.MANAGE_HOSTS):
        raise outbox.Obsolete("no longer looks after hosts")
    content = partial(notifications.host_content, host=facts["host"], domain_id=facts["domain_id"])
    if content() is None:
        raise outbox.Obsolete("the host works again")
    mail.send(
        message,
        messages.HOST_NEWS,
        to=notifications.mail_recipient(user),
        content=lambda: content() or Content(),
        about=user,
    )


def _reset_link(user: User) -> str:
    key = default_token_generator.make_token(user)
    return absolute_url(path_of("account_reset_password_from_key", uidb36=user_pk_to_url_str(user), key=key))


def _still_welcome(user_id: object) -> User:
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if user is None or sign_in_refusal(queries.login_facts(user)) is not None:
        raise outbox.Obsolete("this login may not sign in")
    return user
