"""Promises of this room, kept by the outbox: the mails about signing in.

Each looks again at the moment of sending. Secrets are made then, from what is stored, so that no promise waiting in a table opens a door;
only a one-time code travels in the payload, because it is as short-lived as the session that waits for it.
"""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from branding.queries import current_brand
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications import mail
from core.notifications.rules.own_text import OwnText, filled
from core.people import queries
from core.people.models import Invitation, User
from core.people.permissions import clients_acted_for
from core.people.rules.invitations import InvitationState, token_for
from core.people.rules.sign_in import sign_in_refusal
from tenants import links

logger = logging.getLogger(__name__)


@outbox.handler("people.send_invitation")
def send_invitation(message: OutboxMessage) -> None:
    """The invitation in the inviter's name; nothing if the link has been replaced, withdrawn or used meanwhile."""
    found = Invitation.objects.select_related("user").filter(pk=message.payload["invitation_id"]).first()
    if found is None or found.state_at(clock.now()) != InvitationState.OPEN:
        raise outbox.Obsolete("the invitation is no longer open")
    user = _still_welcome(found.user_id)
    token = token_for(found.pk, secret=settings.SECRET_KEY)
    by_person = found.inviter_id is not None
    context = {
        "inviter": found.invited_by,
        "by_person": by_person,
        "link": links.absolute(reverse("invitation", args=[token])),
        "expires_at": found.expires_at,
        "clients": list(clients_acted_for(user)),
        "role": user.staff.role_made if user.staff else None,
    }
    context["own"] = _own_words(user, context)
    sender = found.invited_by if by_person else ""
    mail.send(message, kind="invitation", to=recipient(user), context=context, sender_name=sender, about=user)


@outbox.handler("people.send_password_reset")
def send_password_reset(message: OutboxMessage) -> None:
    """The link for a new password, made at the moment of sending."""
    from allauth.account.forms import default_token_generator  # because allauth's forms need the app registry
    from allauth.account.utils import user_pk_to_url_str

    user = _still_welcome(message.payload["user_id"])
    if not user.has_usable_password() and queries.latest_invitation(user.pk) is None:
        raise outbox.Obsolete("never invited")
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    mail.send(
        message, kind="password_reset", to=recipient(user), context={"link": links.absolute(path)}, about=user
    )  # fmt: skip


@outbox.handler("people.send_login_code")
def send_login_code(message: OutboxMessage) -> None:
    """The one-time code; nothing when it has run out."""
    if datetime.fromisoformat(message.payload["expires_at"]) <= clock.now():
        raise outbox.Obsolete("the code has run out")
    user = _still_welcome(message.payload["user_id"])
    mail.send(
        message, kind="account_code", to=recipient(user), context={"code": message.payload["code"]}, about=user
    )  # fmt: skip


@outbox.handler("people.send_security_notice")
def send_security_notice(message: OutboxMessage) -> None:
    """Something about the sign-in was changed: a password, a second factor."""
    user = User.objects.filter(pk=message.payload["user_id"]).first()
    if user is None:
        raise outbox.Obsolete("the login is gone")
    context = {
        "event": message.payload["event"],
        "at": message.created_at,
        "address": message.payload.get("address", ""),
        "link": links.absolute(reverse("account_reset_password")),
    }
    mail.send(message, kind="account_notice", to=recipient(user), context=context, about=user)


def recipient(user: User) -> mail.Recipient:
    """The person behind a login, as the mail room addresses them."""
    return mail.Recipient(
        user_id=str(user.pk), name=user.name, address=user.email, time_zone=user.time_zone, language=user.reads
    )


def _own_words(user: User, context: dict[str, Any]) -> OwnText | None:
    """The organization's own text for this reader, filled in; None for the standard text."""
    own = queries.own_invitation_text(user.reads)
    if own is None:
        return None
    try:
        return filled(own, invitation_words(user.name, context))
    except ValueError:  # because an invitation must arrive, whatever somebody has made of its words
        logger.exception("An organization's invitation text could not be filled in")
        return None


def invitation_words(name: str, context: dict[str, Any]) -> dict[str, str]:
    """What stands for each placeholder of an invitation text."""
    role = context["role"]
    return {
        "name": name,
        "inviter": context["inviter"],
        "organization": current_brand().name,
        "clients": ", ".join(client.name for client in context["clients"]),
        "role": role.name if role else "",
    }


def _still_welcome(user_id: object) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None or sign_in_refusal(queries.login_facts(user)) is not None:
        raise outbox.Obsolete("this login may not sign in")
    return user
