"""One mail to one person, in the organization's brand and words, from an outbox handler.

The Message-ID comes from the outbox row and from nothing that can change, so that a repeat after a crash is the same message; the delivery log
keeps what became of it. Whom a mail is for is known before anything of it is written: what fails afterwards, in facts, words or document,
is in the log with the address. Brand, nouns and words are those of the moment of sending, not of the promise.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Any
from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.utils import timezone

from branding.queries import current_brand
from branding.senders.actions import look_again, note_server_success
from branding.senders.models import Sender
from branding.senders.queries import Identity, Purpose, current_sender, identity_of, reply_to, uses_server
from branding.senders.servers import connection_of
from branding.speaking import speaking
from core.kernel import clock
from core.kernel.mail_addresses import deliverable
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.notifications import tracking
from core.notifications.channels import is_mailed
from core.notifications.deliveries import Attempt, Letter, begin, log, message_id_of
from core.notifications.failures import MailError, refusals_in_words
from core.notifications.languages import in_language_of
from core.notifications.layout import Rendered, render
from core.notifications.messages import Content, Message, Topic
from core.notifications.models import Delivery
from core.notifications.reasons import DeliveryReason
from core.notifications.rules.message_text import MessageText

_caught: ContextVar[list[EmailMultiAlternatives] | None] = ContextVar("mail that is caught, not sent", default=None)
_PURPOSES = {
    Topic.APPOINTMENTS: Purpose.APPOINTMENTS,
    Topic.REMINDERS: Purpose.APPOINTMENTS,
    Topic.BILLING: Purpose.BILLING,
}


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
    promise: OutboxMessage,
    message: Message,
    *,
    to: Recipient,
    content: Callable[[], Content],
    attachments: Callable[[], Sequence[Attachment]] = tuple,
    sender_name: str = "",
    about: models.Model | None = None,
    reply_to: str = "",
    neutrally: bool = False,
    inspect: Callable[[Any], None] | None = None,
) -> Delivery:
    """Write the message for the reader, in their language and zone, and hand it over; returns the log's row.

    `content` and `attachments` are called once it is noted whom the mail is for, `content` with the reader's language and zone in force.
    `reply_to`: where an answer goes, where it is not one of the organization's addresses.
    `neutrally`: by the platform's server, whatever sender is in force, because the mail is about that sender; `inspect` is given Django's
    message after it was handed over.

    It is written as the branch of the one whom it is about, else of the reader (`branding.speaking`).

    Who has muted mail of its topic gets none; the log says so.

    MailError(permanent=True) when address or message are refused, (permanent=False) when the server cannot be reached or says “not now”.
    """
    way = _Way.neutral() if neutrally else _Way.in_force()
    attempt = _attempt(promise, message, to, about, way)
    if not is_mailed(to.user_id, message.topic):
        return _log_muted(promise, attempt, message)
    with speaking(about, to.user_id):
        with reading(to) as language:
            rendered = render(message, _to(to, content()), language=language)
        mail = _written(promise, attempt, message, to, rendered, way, sender_name)
        for attachment in attachments():
            mail.attach(attachment.name, attachment.content, attachment.mime)
    if reply_to:
        mail.reply_to = [_deliverable(reply_to)]
    _hand_over(mail, way)
    if inspect is not None:
        inspect(mail)
    return _log(promise, attempt)


def send_test(promise: OutboxMessage, message: Message, *, to: Recipient, text: MessageText) -> Delivery:
    """The same with these words and made-up facts, to whoever tries them; the log and the mail say that it is a test."""
    way = _Way.in_force()
    attempt = _attempt(promise, message, to, None, way, is_test=True)
    with reading(to) as language:
        rendered = render(message, _to(to, message.sample()), language=language, text=text, is_test=True)
    _hand_over(_written(promise, attempt, message, to, rendered, way, ""), way)
    return _log(promise, attempt)


@contextmanager
def reading(to: Recipient) -> Iterator[str]:
    """The reader's language, as far as the organization offers it, and their zone are in force inside; gives the language's code."""
    with in_language_of(to) as language, timezone.override(ZoneInfo(to.time_zone)):
        yield language


def _attempt(
    promise: OutboxMessage,
    message: Message,
    to: Recipient,
    about: models.Model | None,
    way: "_Way",
    *,
    is_test: bool = False,
) -> Attempt:
    letter = Letter(
        message.code,
        to.user_id,
        to.address,
        about._meta.label_lower if about is not None else "",
        str(about.pk) if about is not None else "",
        is_test=is_test,
    )
    return begin(promise, letter, message_id_of(promise, way.identity.message_host))


@dataclass(frozen=True, slots=True)
class _Way:
    """By which sender a mail leaves, and to which one's people answers go."""

    sender: Sender
    identity: Identity
    answered: Sender

    @classmethod
    def in_force(cls) -> "_Way":
        sender = current_sender()
        return cls(sender, identity_of(sender), sender)

    @classmethod
    def neutral(cls) -> "_Way":
        sender = Sender()
        return cls(sender, identity_of(sender), current_sender())


def _written(
    promise: OutboxMessage,
    attempt: Attempt,
    message: Message,
    to: Recipient,
    rendered: Rendered,
    way: _Way,
    sender_name: str,
) -> EmailMultiAlternatives:
    """Django's message, ready to be handed over but for its attachments."""
    attempt.subject = rendered.subject
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=_from(sender_name, way.identity),
        to=[_address(to.name, to.address)],
        reply_to=_reply_to(way.answered, message.topic),
        headers={"Message-ID": attempt.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(rendered.html, "text/html")
    _prepare(mail, promise, way.identity)
    return mail


@contextmanager
def caught() -> Iterator[list[EmailMultiAlternatives]]:
    """No mail leaves from here meanwhile; what would have left is in the list."""
    mails: list[EmailMultiAlternatives] = []
    token = _caught.set(mails)
    try:
        yield mails
    finally:
        _caught.reset(token)


def _hand_over(mail: EmailMultiAlternatives, way: _Way) -> None:
    if (mails := _caught.get()) is not None:
        mails.append(mail)
        return
    with refusals_in_words():
        mail.connection = _connection(way.sender)
        mail.send()
    note_server_success(way.sender)
    look_again(way.sender, now=clock.now())


def _log(promise: OutboxMessage, attempt: Attempt) -> Delivery:
    return log(
        promise, attempt.letter, message_id=attempt.message_id, subject=attempt.subject, state=Delivery.State.SENT
    )


def _log_muted(promise: OutboxMessage, attempt: Attempt, message: Message) -> Delivery:
    promise.outcome = "they do not want it by mail"
    return log(
        promise,
        attempt.letter,
        message_id=attempt.message_id,
        subject=translate(message.name),
        state=Delivery.State.VOID,
        reason=Reason(DeliveryReason.MUTED),
    )


def _to(to: Recipient, content: Content) -> Content:
    return replace(content, values={**content.values, "name": to.name})


def _prepare(mail: Any, message: OutboxMessage, identity: Identity) -> None:
    """What backends read beside the message itself: the first two are anymail's words, too."""
    mail.metadata = tracking.facts_for(message)
    if identity.return_host:
        mail.envelope_sender = tracking.return_address(message, identity.return_host)
    mail.signature = identity.signature


def _connection(sender: Sender) -> BaseEmailBackend:
    return connection_of(sender) if uses_server(sender) else get_connection()


def _from(sender_name: str, identity: Identity) -> str:
    """“Tess Tutor (Harbour Clinic)” when a person writes, the organization's name otherwise."""
    brand = current_brand()
    name = brand.sender_name or brand.name
    return _address(f"{sender_name} ({name})" if sender_name else name, identity.address)


def _reply_to(sender: Sender, topic: Topic) -> list[str] | None:
    """Where an answer to a message about this goes."""
    address = reply_to(sender, _PURPOSES.get(topic, Purpose.GENERAL))
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
