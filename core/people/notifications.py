"""Who is told what about signing in: promises of mails, the notice to those who can let somebody in, and the facts in each mail.

Secrets are no part of a promise: links are made when the mail is sent, from what is stored, so that nothing that waits in a table opens a
door. Only a one-time code travels in the payload, because it is as short-lived as the session that waits for it.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from branding.models import Branch
from branding.queries import current_brand
from branding.senders.models import Sender
from branding.senders.records import stored
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason, stored_reason
from core.kernel.translation import translate
from core.notifications import mail, notices
from core.notifications.languages import in_language_of
from core.notifications.messages import Content, Message
from core.notifications.models import Delivery, Notice
from core.notifications.rules.message_text import MessageText
from core.notifications.text_messages import is_everybodys
from core.people import messages, outbox_names
from core.people.models import Invitation, StaffMember, User
from core.people.permissions import clients_acted_for, staff_with
from core.people.roles import Permission
from core.people.rules.invitations import token_for
from tenants import domains, host_names
from tenants.absolute_urls import absolute_url, host_url, organization_host, path_of
from tenants.context import current_organization
from tenants.domain_rules import DomainState, Problem
from tenants.models import Domain
from themes.formats import moment

HOST_GOES = "host_goes"  # the address of somebody's passkey is given back, or was
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


def passkey_host_goes(user: User, *, host: str, until: datetime | None) -> None:
    """Promise the mail that tells somebody that the address of their passkey is given back: it takes it `until` then, or no more."""
    outbox.enqueue(
        outbox_names.SEND_SECURITY_NOTICE,
        about=user,
        user_id=str(user.pk),
        event=HOST_GOES,
        host=host,
        until=until.isoformat() if until else "",
        at=clock.now().isoformat(),
    )


def message_tested(message: Message, *, language: str, text: MessageText, branch: Branch | None, by: User) -> None:
    """Promise whoever tries a message on themselves the mail with these words."""
    outbox.enqueue(
        outbox_names.SEND_TEST_MESSAGE,
        by=by,
        about=by,
        user_id=str(by.pk),
        channel=message.channel.value,
        code=message.code,
        language=language,
        branch=str(branch.pk) if branch else "",
        text=asdict(text),
    )


def invitation_requested(user: User, *, now: datetime) -> None:
    """Tell those who can let the person in again; one notice in a day is enough."""
    is_staff = StaffMember.objects.filter(user=user).exists()
    for member in staff_with(Permission.MANAGE_STAFF if is_staff else Permission.MANAGE_CLIENTS):
        path = path_of("people:login", user.pk)
        known = Notice.objects.filter(user_id=member.user_id, kind=messages.INVITATION_ASKED.code, path=path)
        if not known.filter(created_at__gt=now - timedelta(days=1)).exists():
            with in_language_of(member.user):
                notices.post(messages.INVITATION_ASKED, user_id=member.user_id, path=path, person=user.name)


def promise_not_kept(message: OutboxMessage, delivery: Delivery | None, reason: Reason) -> None:
    """Whoever made the promise, or answers for it: a notice that leads to the mail in the log, or to what it is about."""
    kind = outbox.kind_of(message.name)
    path = delivery_page(delivery) if delivery else kind.page(message)
    for user in _answerable(message):
        with in_language_of(user):
            notices.post(
                messages.NOT_DONE,
                user_id=user.pk,
                path=path,
                what=delivery.title if delivery else translate(kind.label),
                why=reason.sentence(),
                address=delivery.address if delivery else "",
            )


def texts_do_not_leave(delivery: Delivery) -> None:
    """Those who look after the organization, once a day, where what failed holds for every text message."""
    if not is_everybodys(delivery):
        return
    lately = Notice.objects.filter(kind=messages.TEXTS_HELD.code, created_at__gt=clock.now() - timedelta(days=1))
    for member in staff_with(Permission.MANAGE_ORGANIZATION):
        if not lately.filter(user_id=member.user_id).exists():
            with in_language_of(member.user):
                notices.post(
                    messages.TEXTS_HELD,
                    user_id=member.user_id,
                    path=path_of("settings:texts"),
                    why=delivery.reason_sentence,
                )


def mail_did_not_arrive(delivery: Delivery) -> None:
    """The same of a mail that had left, and did not arrive."""
    message = OutboxMessage.objects.filter(pk=delivery.promise_id).first()
    for user in _answerable(message) if message else []:
        with in_language_of(user):
            notices.post(
                messages.NOT_ARRIVED,
                user_id=user.pk,
                path=delivery_page(delivery),
                what=delivery.title,
                why=delivery.reason_sentence,
                address=delivery.address,
            )


def sender_changed(sender: Sender, what: str, state: str) -> None:
    """Whoever looks after the sender: a notice at once, and a mail, which leaves by the sender that is in force then."""
    for member in staff_with(Permission.MANAGE_SENDER):
        facts = {"what": what, "state": state, "address": _own_address(sender, what)}
        with in_language_of(member.user):
            notices.post(
                messages.SENDER_NOTICES[state],
                user_id=member.user_id,
                path=path_of("settings:sender"),
                event=sender_title(**facts),
                meaning=sender_sentence(what, state),
            )
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


def sender_content(facts: dict[str, Any], sender: Sender) -> Content:
    """What the mail about the sender says: what has happened, and each record that is wrong."""
    wrong = [record for record in stored(sender.domain_found) if not record.is_right and facts["what"] == "domain"]
    reason = stored_reason(sender.server_reason_code, sender.server_reason_values)
    lines = [f"{record.host}: {record.sentence}" for record in wrong]
    if facts["what"] == "server" and reason is not None and facts["state"] != "verified":
        lines = [reason.sentence()]
    event = sender_title(facts["what"], facts["state"], facts["address"])
    return Content(
        values={"event": event, "meaning": sender_sentence(facts["what"], facts["state"])},
        button_url=absolute_url(path_of("settings:sender")),
        notes=lines,
        reason=translate(messages.SENDER_REASON),
        preview=event,
    )


def _own_address(sender: Sender, what: str) -> str:
    return sender.server_address if what == "server" else sender.domain_address


def host_changed_state(domain: Domain) -> None:
    """Those who look after hosts read it behind the bell; when it stopped working, by mail too."""
    state, name = DomainState(domain.state), host_names.shown(domain.domain)
    path = path_of("settings:domain", domain.pk)
    for member in staff_with(Permission.MANAGE_HOSTS):
        with in_language_of(member.user):
            is_live = state == DomainState.LIVE
            notices.post(
                messages.HOST_NOTICE,
                user_id=member.user_id,
                path=path,
                host=name,
                is_live=translate("yes") if is_live else "",
                problem=Problem(domain.problem).sentence if domain.problem and not is_live else "",
            )
        if state == DomainState.DEGRADED and member.user.is_active:
            outbox.enqueue(
                outbox_names.SEND_HOST_NOTICE, about=member.user, user_id=str(member.user_id), host=domain.domain, domain_id=domain.pk
            )  # fmt: skip


def host_content(*, host: str, domain_id: int) -> Content | None:
    """What the mail about a host that stopped working says; None when it works by now, or is gone."""
    domain = next((known for known in domains.hosts_of(current_organization().pk) if known.pk == domain_id), None)
    if domain is None or domain.state != DomainState.DEGRADED:
        return None
    return Content(
        values={
            "host": host_names.shown(host),
            "problem": Problem(domain.problem).sentence if domain.problem else "",
            "is_answered": translate("yes") if domain.is_served else "",
        },
        button_url=absolute_url(path_of("settings:domain", domain_id)),
        reason=translate(messages.HOST_REASON),
    )


def host_was_lost(host: str) -> None:
    """Those who look after hosts read behind the bell and in a mail that one belongs to somebody else now."""
    for member in staff_with(Permission.MANAGE_HOSTS):
        with in_language_of(member.user):
            path = path_of("settings:domains")
            notices.post(messages.HOST_LOSS_NOTICE, user_id=member.user_id, path=path, host=host_names.shown(host))
        if member.user.is_active:
            outbox.enqueue(outbox_names.SEND_HOST_LOSS, about=member.user, user_id=str(member.user_id), host=host)


def host_loss_content(host: str) -> Content:
    """What the mail about a host that is somebody else's now says."""
    return Content(
        values={"host": host_names.shown(host), "other_host": host_names.shown(organization_host())},
        button_url=absolute_url(path_of("settings:domains")),
        reason=translate(messages.HOST_REASON),
    )


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


def invitation_content(invitation: Invitation, *, link: str = "") -> Content:
    """What the invitation says, in the language and zone in force. The link is made now, unless another one is given."""
    user = invitation.user
    role = user.staff.role_definition if user.staff else None
    named = clients_acted_for(user) if current_brand().names_in_mail else []
    return Content(
        values={
            "inviter": invited_by(invitation),
            "by_person": translate("yes") if invitation.inviter_id is not None else "",
            "clients": ", ".join(client.name for client in named),
            "role": role.name if role else "",
            "role_about": role.description if role else "",
        },
        button_url=link or absolute_url(path_of("invitation", token_for(invitation.pk, secret=settings.SECRET_KEY))),
        notes=messages.signs_in_as(user.email, moment(timezone.localtime(invitation.expires_at))),
        reason=translate(messages.INVITATION_REASON),
        preview=translate("Choose a password, and you are in."),
    )


def password_reset_content(link: str) -> Content:
    """What the mail with the link for a new password says."""
    once = translate(messages.ONCE)
    return Content(button_url=link, notes=(once,), reason=translate(messages.RESET_REASON), preview=once)


def login_code_content(code: str) -> Content:
    """What the mail with a one-time code says."""
    note = translate(messages.CODE_NOTE)
    return Content(
        values={"code": code}, code=code, notes=(note,), reason=translate(messages.CODE_REASON), preview=note
    )


def security_content(*, event: str, at: datetime, address: str) -> Content:
    """What the mail about a change of the sign-in says."""
    what = translate(messages.EVENTS.get(event, messages.OTHER_EVENT))
    return Content(
        values={"event": what, "at": moment(timezone.localtime(at)), "address": address},
        button_url=absolute_url(path_of("account_reset_password")),
        reason=translate(messages.NOTICE_REASON),
        preview=what,
    )


def new_address_content() -> Content:
    """What the mail about a new address of the portal says: the organization's, also to whoever is written to by a branch."""
    host = organization_host()
    return Content(
        values={"host": host},
        button_url=host_url(host, path_of("mfa_index")),
        reason=translate(messages.NOTICE_REASON),
    )


def passkey_host_content(host: str, until: str) -> Content:
    """What the mail about an address that is given back says, with the reader's language and zone in force."""
    at = datetime.fromisoformat(until) if until else None
    return Content(
        values={
            "old_host": host_names.shown(host),
            "host": host_names.shown(organization_host()),
            "until": moment(timezone.localtime(at)) if at and at > clock.now() else "",
        },
        button_url=host_url(organization_host(), path_of("mfa_index")),
        reason=translate(messages.NOTICE_REASON),
    )


def invited_by(invitation: Invitation) -> str:
    """Who has invited, as people read it: a person, or the organization under the name that it has now."""
    return invitation.invited_by if invitation.inviter_id else current_brand().name
