"""One mail to one person, in the organization's brand, from an outbox handler.

The Message-ID comes from the outbox row, so that a repeat after a crash is the same message; the delivery log keeps what became of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.headerregistry import Address
from pathlib import PurePosixPath
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from zoneinfo import ZoneInfo

import mjml
from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation

from branding.addresses import logo_path
from branding.queries import current_brand, offered_language, palette, vocabulary
from core.kernel import clock
from core.kernel.errors import GatewayError
from core.kernel.models import OutboxMessage
from core.kernel.translation import translate
from core.notifications.models import Delivery
from tenants.absolute_urls import absolute_url, primary_host


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
    context: dict[str, Any],
    attachments: Sequence[Attachment] = (),
    sender_name: str = "",
    about: models.Model | None = None,
) -> Delivery:
    """Render the template ("emails/invitation.mjml", with a `.txt` beside it) for the reader and hand the mail over; returns the log's row.

    The log calls this kind of mail by the template's name without folder and ending.

    GatewayError(permanent=True) when the address is refused, (permanent=False) when the server cannot be reached.
    """
    subject, text, html = render(template, to, context)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=_sender(sender_name),
        to=[str(_address(to.name, to.address))],
        reply_to=[current_brand().reply_to] if current_brand().reply_to else None,
        headers={"Message-ID": f"<{message.pk}@{primary_host()}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    for attachment in attachments:
        mail.attach(attachment.name, attachment.content, attachment.mime)
    _hand_over(mail)
    return _log(mail, PurePosixPath(template).stem, to, about)


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


def _sender(sender_name: str) -> str:
    """“Tess Tutor via Harbour Clinic” when a person writes, the organization's name otherwise; its own address when it has one."""
    brand = current_brand()
    name = brand.sender_name or brand.name
    shown = f"{sender_name} ({name})" if sender_name else name
    return str(_address(shown, brand.sender_address or settings.DEFAULT_FROM_EMAIL))


def _address(name: str, address: str) -> Address:
    return Address(display_name=name.replace("\n", " ").replace("\r", " "), addr_spec=address)


def _hand_over(mail: EmailMultiAlternatives) -> None:
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        raise GatewayError(f"The mail server refused {mail.to[0]}.", permanent=True, code="address_refused") from error
    except (SMTPException, OSError, AnymailError) as error:
        raise GatewayError(
            translate("The mail server could not take the message: %(error)s", error=error), permanent=False
        ) from error


def _log(mail: EmailMultiAlternatives, kind: str, to: Recipient, about: models.Model | None) -> Delivery:
    now = clock.now()
    values = {
        "kind": kind,
        "recipient_id": to.user_id,
        "address": to.address,
        "subject": mail.subject[:200],
        "state": Delivery.State.SENT,
        "about_kind": about._meta.label_lower if about is not None else "",
        "about_id": str(about.pk) if about is not None else "",
        "changed_at": now,
    }
    delivery, _ = Delivery.objects.update_or_create(
        message_id=mail.extra_headers["Message-ID"], defaults=values, create_defaults={**values, "created_at": now}
    )
    return delivery
