"""One mail to one person, in the organization's brand, from an outbox handler.

The Message-ID comes from the outbox row and from nothing that can change, so that a repeat after a crash is the same message; the delivery log
keeps what became of it. Whom a mail is for is known before anything of it is written: what fails afterwards, in facts, template or document,
is in the log with the address.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import mjml
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation

from branding.addresses import logo_path
from branding.queries import current_brand, offered_language, palette, vocabulary
from branding.senders.actions import look_again, note_server_success
from branding.senders.models import Sender
from branding.senders.queries import Identity, Purpose, current_sender, identity_of, reply_to
from branding.senders.servers import connection_of
from core.kernel import clock
from core.kernel.mail_addresses import deliverable
from core.kernel.models import OutboxMessage
from core.notifications import tracking
from core.notifications.deliveries import Letter, log, message_id_of
from core.notifications.failures import MailError, refusals_in_words
from core.notifications.models import Delivery
from core.notifications.reasons import DeliveryReason
from tenants.absolute_urls import absolute_url


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a mail goes to, and how they read it. `user_id` is empty for people without a login."""

    user_id: str
    name: str
    address: str
    time_zone: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with the mail: name, bytes, and its type with parameters."""

    name: str
    content: bytes
    mime: str


def send(
    message: OutboxMessage,
    *,
    template: str,
    to: Recipient,
    context: Callable[[], dict[str, Any]],
    attachments: Callable[[], Sequence[Attachment]] = tuple,
    sender_name: str = "",
    about: models.Model | None = None,
    purpose: Purpose = Purpose.GENERAL,
    neutrally: bool = False,
    inspect: Callable[[Any], None] | None = None,
) -> Delivery:
    """Render the template ("emails/invitation.mjml", with a `.txt` beside it) for the reader and hand the mail over; returns the log's row.

    `context` and `attachments` are called once it is noted whom the mail is for. The log calls this kind of mail by the template's name
    without folder and ending. `purpose` says where replies go; `neutrally`: by the platform's server, whatever sender is in force, because the
    mail is about that sender; `inspect` is given Django's message after it was handed over.

    MailError(permanent=True) when address or message are refused, (permanent=False) when the server cannot be reached or says “not now”.
    """
    letter = Letter(
        PurePosixPath(template).stem,
        to.user_id,
        to.address,
        about._meta.label_lower if about is not None else "",
        str(about.pk) if about is not None else "",
    )
    sender = Sender() if neutrally else current_sender()
    identity = identity_of(sender)
    message_id = message_id_of(message, identity.message_host)
    attempt = message.__dict__["_attempt"] = Attempt(letter, message_id)
    subject, text, html = render(template, to, context())
    attempt.subject = subject
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=_from(sender_name, identity),
        to=[_address(to.name, to.address)],
        reply_to=_reply_to(current_sender() if neutrally else sender, purpose),
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    for attachment in attachments():
        mail.attach(attachment.name, attachment.content, attachment.mime)
    _prepare(mail, message, identity)
    with refusals_in_words():
        mail.connection = _connection(sender)
        mail.send()
    note_server_success(sender)
    look_again(sender, now=clock.now())
    if inspect is not None:
        inspect(mail)
    return log(message, letter, message_id=message_id, subject=subject, state=Delivery.State.SENT)


@dataclass(slots=True)
class Attempt:
    """How far a mail has come, for the log of its failure."""

    letter: Letter
    message_id: str
    subject: str = ""


def attempt_of(message: OutboxMessage) -> Attempt | None:
    """How far the mail of this promise came in the attempt that is just ending; None when it was not even known to whom."""
    return message.__dict__.get("_attempt")


def render(template: str, to: Recipient, context: dict[str, Any]) -> tuple[str, str, str]:
    """Return subject, plain text and HTML of one kind of mail, in the reader's language and time zone."""
    to = replace(to, language=offered_language(to.language))
    with translation.override(to.language), timezone.override(ZoneInfo(to.time_zone)):
        values = {**_frame(to), **context}
        head, _, text = (
            render_to_string(str(PurePosixPath(template).with_suffix(".txt")), values).lstrip().partition("\n")
        )
        subject = head.removeprefix("Subject:").strip()
        values["mail"] = {**values["mail"], "subject": subject}
        markup = render_to_string(template, values)
    html = mjml.mjml2html(markup, fonts={})  # else a well-known font's name brings in a third party's font host
    return subject, text.strip() + "\n", html


def _frame(to: Recipient) -> dict[str, Any]:
    """What every mail's layout reads."""
    brand, colours = current_brand(), palette().colours
    return {
        "organization": {"name": brand.name, "postal_address": brand.address.replace("\n", ", ")},
        "brand": {
            "name": brand.name,
            "mail_logo_url": absolute_url(path) if (path := logo_path(brand, "mail")) else "",
        },
        "vocabulary": vocabulary(to.language),
        "names_people": brand.names_in_mail,
        "recipient": to,
        "user_zone": to.time_zone,
        "host_url": absolute_url(""),
        "mail": {
            "language": to.language,
            "preview": "",
            "reason": "",
            "radius": {"sharp": "3px", "soft": "8px", "round": "14px"}.get(brand.radius, "8px"),
            "colours": {
                "text": colours["neutral-900"],
                "muted": colours["neutral-600"],
                "action": colours["action"],
                "on_action": colours["on-action"],
                "soft": colours["neutral-100"],
                "canvas": colours["neutral-100"],
                "surface": colours["neutral-0"],
                "edge": colours["edge"],
            },
        },
    }


def _prepare(mail: Any, message: OutboxMessage, identity: Identity) -> None:
    """What backends read beside the message itself: the first two are anymail's words, too."""
    mail.metadata = tracking.facts_for(message)
    if identity.return_host:
        mail.envelope_sender = tracking.return_address(message, identity.return_host)
    mail.signature = identity.signature


def _connection(sender: Sender) -> BaseEmailBackend:
    return connection_of(sender) if sender.uses_server else get_connection()


def _from(sender_name: str, identity: Identity) -> str:
    """“Tess Tutor (Harbour Clinic)” when a person writes, the organization's name otherwise."""
    brand = current_brand()
    name = brand.sender_name or brand.name
    return _address(f"{sender_name} ({name})" if sender_name else name, identity.address)


def _reply_to(sender: Sender, purpose: Purpose) -> list[str] | None:
    address = reply_to(sender, purpose)
    return [_deliverable(address)] if address else None


def _address(name: str, address: str) -> str:
    shown = name.replace("\n", " ").replace("\r", " ")
    try:
        return str(Address(display_name=shown, addr_spec=_deliverable(address)))
    except (ValueError, HeaderParseError) as error:
        raise MailError(DeliveryReason.ADDRESS_IMPOSSIBLE, permanent=True) from error


def _deliverable(address: str) -> str:
    try:
        return deliverable(address)
    except ValueError as error:
        raise MailError(DeliveryReason.ADDRESS_IMPOSSIBLE, permanent=True) from error
