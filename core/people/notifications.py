"""Who is told what about signing in: promises of mails, the notice to those who can let somebody in, and the facts in each mail.

Secrets are no part of a promise: links are made when the mail is sent, from what is stored, so that nothing that waits in a table opens a
door. Only a one-time code travels in the payload, because it is as short-lived as the session that waits for it.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from branding.queries import current_brand
from branding.senders.models import Sender
from branding.senders.records import stored
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason, stored_reason
from core.kernel.translation import translate
from core.notifications import mail, notices
from core.notifications.languages import in_language_of
from core.notifications.models import Delivery, Notice
from core.notifications.rules.own_text import OwnText, filled
from core.people import outbox_names, queries
from core.people.models import Invitation, StaffMember, User
from core.people.permissions import clients_acted_for, staff_with
from core.people.roles import Permission
from core.people.rules.invitations import token_for
from tenants import domains, host_names
from tenants.absolute_urls import absolute_url, path_of, primary_host
from tenants.context import current_organization
from tenants.domain_rules import DomainState, Problem
from tenants.models import Domain

logger = logging.getLogger(__name__)
HOST_CHANGED = "host_changed"  # an event of the sign-in that nobody caused by their own hand


def invited(invitation: Invitation) -> None:
    """Promise the mail with the link by which somebody sets a password."""
    outbox.enqueue(
        outbox_names.SEND_INVITATION,
        key=f"invitation:{invitation.pk}",
        by=invitation.inviter,
        about=invitation.user,
        invitation_id=str(invitation.pk),
    )


def password_reset_requested(user: User | None) -> None:
    """Promise the mail with the link for a new password. Promised to nobody it costs as much time, and is void."""
    outbox.enqueue(outbox_names.SEND_PASSWORD_RESET, about=user, user_id=str(user.pk) if user else "")


def login_code_requested(user: User | None, *, code: str = "") -> None:
    """Promise the mail with a one-time code. Promised to nobody it costs as much time, and is void."""
    expires_at = clock.now() + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    outbox.enqueue(
        outbox_names.SEND_LOGIN_CODE,
        about=user,
        user_id=str(user.pk) if user else "",
        code=code,
        expires_at=expires_at.isoformat(),
    )


def security_changed(user: User, *, event: str, address: str) -> None:
    """Promise the mail that tells somebody what was changed about their sign-in (`event`), and from which network address."""
    outbox.enqueue(
        outbox_names.SEND_SECURITY_NOTICE,
        about=user,
        user_id=str(user.pk),
        event=event,
        address=address,
        at=clock.now().isoformat(),
    )


def invitation_requested(user: User, *, now: datetime) -> None:
    """Tell those who can let the person in again; one notice in a day is enough."""
    is_staff = StaffMember.objects.filter(user=user).exists()
    for member in staff_with(Permission.MANAGE_STAFF if is_staff else Permission.MANAGE_CLIENTS):
        with in_language_of(member.user):
            title = translate("%(name)s asks for a new invitation", name=user)
            body = translate("Their access is switched off, or nobody under their login is active.")
        known = Notice.objects.filter(user_id=member.user_id, kind="invitation_asked", title=title)
        if not known.filter(created_at__gt=now - timedelta(days=1)).exists():
            notices.post(
                user_id=member.user_id,
                kind="invitation_asked",
                title=title,
                body=body,
                path=path_of("people:login", user.pk),
            )


def promise_not_kept(message: OutboxMessage, delivery: Delivery | None, reason: Reason) -> None:
    """Whoever made the promise, or answers for it: a notice that leads to the mail in the log, or to what it is about."""
    kind = outbox.kind_of(message.name)
    path = delivery_page(delivery) if delivery else kind.page(message)
    for user in _answerable(message):
        with in_language_of(user):
            notices.post_failure(user.pk, what=translate(kind.label), delivery=delivery, reason=reason, path=path)


def mail_did_not_arrive(delivery: Delivery) -> None:
    """The same of a mail that had left, and did not arrive."""
    message = OutboxMessage.objects.filter(pk=delivery.promise_id).first()
    for user in _answerable(message) if message else []:
        with in_language_of(user):
            title = translate("Mail to %(address)s did not arrive", address=delivery.address)
            body = f"{delivery.title}. {delivery.reason_sentence}"
        path = delivery_page(delivery)
        notices.post(user_id=user.pk, kind="promise_failed", title=title, body=body, path=path)


def sender_changed(sender: Sender, what: str, state: str) -> None:
    """Whoever looks after the sender: a notice at once, and a mail, which leaves by the sender that is in force then."""
    for member in staff_with(Permission.MANAGE_SENDER):
        facts = {"what": what, "state": state, "address": _own_address(sender, what)}
        with in_language_of(member.user):
            title, body = sender_title(**facts), sender_sentence(what, state)
        path = path_of("settings:sender")
        notices.post(user_id=member.user_id, kind=f"sender_{state}", title=title, body=body, path=path)
        outbox.enqueue(outbox_names.SEND_SENDER_NEWS, about=member.user, user_id=str(member.user_id), **facts)


def sender_title(what: str, state: str, address: str) -> str:
    """What has happened, in one line."""
    if state == "verified":
        return translate("Mail leaves as %(address)s again", address=address)
    if state == "attention":
        return translate("A record of %(domain)s needs a hand", domain=address.rpartition("@")[2])
    return translate("Mail no longer leaves as %(address)s", address=address)


def sender_sentence(what: str, state: str) -> str:
    """What it means, and what to do."""
    if state == "verified":
        return translate("Everything that is needed is right again.")
    if state == "attention":
        return translate("Mail still leaves as before. Set the record right, so that receivers keep trusting it.")
    if what == "server":
        return translate(
            "Your mail server takes no mail from here. Until it does, mail leaves by the neutral sender, under your name."
        )
    return translate(
        "A record of the domain is wrong. Until it is right, mail leaves by the neutral sender, under your name."
    )


def sender_mail_context(facts: dict[str, Any], sender: Sender) -> dict[str, Any]:
    """What the mail `sender_news` says: what has happened, and each record that is wrong."""
    wrong = [record for record in stored(sender.domain_found) if not record.is_right and facts["what"] == "domain"]
    reason = stored_reason(sender.server_reason_code, sender.server_reason_values)
    lines = [f"{record.host}: {record.sentence}" for record in wrong]
    if facts["what"] == "server" and reason is not None and facts["state"] != "verified":
        lines = [reason.sentence()]
    return {
        "state": facts["state"],
        "address": facts["address"],
        "domain": facts["address"].rpartition("@")[2],
        "sentence": sender_sentence(facts["what"], facts["state"]),
        "lines": lines,
        "link": absolute_url(path_of("settings:sender")),
    }


def _own_address(sender: Sender, what: str) -> str:
    return sender.server_address if what == "server" else sender.domain_address


def host_changed_state(domain: Domain) -> None:
    """Those who look after hosts read it behind the bell; when it stopped working, by mail too."""
    state, name = DomainState(domain.state), host_names.shown(domain.domain)
    path = path_of("settings:domain", domain.pk)
    for member in staff_with(Permission.MANAGE_HOSTS):
        with in_language_of(member.user):
            if state == DomainState.LIVE:
                title, body = translate("%(host)s is live", host=name), ""
            else:
                title = translate("%(host)s needs attention", host=name)
                body = Problem(domain.problem).sentence if domain.problem else ""
            notices.post(user_id=member.user_id, kind="host_state", title=title, body=body, path=path)
        if state == DomainState.DEGRADED and member.user.is_active:
            outbox.enqueue(
                outbox_names.SEND_HOST_NOTICE, about=member.user, user_id=str(member.user_id), host=domain.domain, domain_id=domain.pk
            )  # fmt: skip


def host_mail_context(*, host: str, domain_id: int) -> dict[str, Any] | None:
    """What the mail `host_notice` says; None when the host works by now, or is gone."""
    domain = next((known for known in domains.hosts_of(current_organization().pk) if known.pk == domain_id), None)
    if domain is None or domain.state != DomainState.DEGRADED:
        return None
    return {
        "host": host_names.shown(host),
        "problem": Problem(domain.problem).sentence if domain.problem else "",
        "is_served": domain.is_served,
        "link": absolute_url(path_of("settings:domain", domain_id)),
    }


def delivery_page(delivery: Delivery) -> str:
    """The page of one mail in the log, on the organization's host."""
    return path_of("settings:delivery", delivery.pk)


def _answerable(message: OutboxMessage) -> list[User]:
    """The author while they work here, else those who answer for such promises, else whoever looks after the organization.

    Not a client's login, which would read there of others and their addresses.
    """
    active = User.objects.filter(is_active=True, staff_member__status=StaffMember.Status.ACTIVE)
    author = list(active.filter(pk=message.author_id)) if message.author_id else []
    if author:
        return author
    others = list(active.filter(pk__in=list(outbox.kind_of(message.name).answerable(message))))
    return others or [member.user for member in staff_with(Permission.MANAGE_ORGANIZATION) if member.user.is_active]


def mail_recipient(user: User) -> mail.Recipient:
    """The person behind a login, as mail addresses them."""
    return mail.Recipient(
        user_id=str(user.pk), name=user.name, address=user.email, time_zone=user.time_zone, language=user.reads
    )


def invitation_mail_context(invitation: Invitation) -> dict[str, Any]:
    """What the mail `invitation` says, in the organization's own text where it has one."""
    user = invitation.user
    token = token_for(invitation.pk, secret=settings.SECRET_KEY)
    context = {
        "inviter": invited_by(invitation),
        "by_person": invitation.inviter_id is not None,
        "link": absolute_url(path_of("invitation", token)),
        "expires_at": invitation.expires_at,
        "clients": list(clients_acted_for(user)),
        "role": user.staff.role_definition if user.staff else None,
    }
    return {**context, "own": _own_text(user, context)}


def security_mail_context(*, event: str, at: datetime, address: str) -> dict[str, Any]:
    """What the mail `account_notice` says."""
    link = absolute_url(path_of("mfa_index" if event == HOST_CHANGED else "account_reset_password"))
    return {"event": event, "at": at, "address": address, "link": link, "host": primary_host()}


def invited_by(invitation: Invitation) -> str:
    """Who has invited, as people read it: a person, or the organization under the name that it has now."""
    return invitation.invited_by if invitation.inviter_id else current_brand().name


def _own_text(user: User, context: dict[str, Any]) -> OwnText | None:
    """The organization's own text for this person, filled in; None for the standard text."""
    own = queries.own_invitation_text(user.reads)
    if own is None:
        return None
    try:
        return filled(own, _placeholders(user.name, context))
    except ValueError:  # because an invitation must arrive, whatever somebody has made of its words
        logger.exception("An organization's invitation text could not be filled in")
        return None


def _placeholders(name: str, context: dict[str, Any]) -> dict[str, str]:
    """What stands for each placeholder of an invitation text."""
    role = context["role"]
    return {
        "name": name,
        "inviter": context["inviter"],
        "organization": current_brand().name,
        "clients": ", ".join(client.name for client in context["clients"]),
        "role": role.name if role else "",
    }
