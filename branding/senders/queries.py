"""The sender in force: from which address mail leaves, where replies and what cannot be delivered go, who signs."""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from branding.models import Brand
from branding.queries import current_brand
from branding.senders import keys
from branding.senders.backend import Signature
from branding.senders.models import MailboxProof, Sender, SigningKey
from branding.senders.records import mail_zone, return_host
from core.kernel import encryption
from tenants import entitlements

logger = logging.getLogger(__name__)


class Purpose(StrEnum):
    """What a mail is about: replies to it may go to different people."""

    APPOINTMENTS = "appointments"
    BILLING = "billing"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom a mail leaves. `return_host` is empty where what cannot be delivered returns to the address itself."""

    way: str
    address: str
    return_host: str = ""
    message_host: str = ""
    signature: Signature | None = None


def current_sender() -> Sender:
    """The organization's sender; one that nobody has saved yet is neutral."""
    return Sender.objects.filter(is_current=True).first() or Sender()


def identity_of(sender: Sender) -> Identity:
    """As whom mail leaves now: of an own domain or server only while it works, else neutrally."""
    if uses_domain(sender) and (signature := _signature(sender)) is not None:
        return Identity(sender.way, sender.domain_address, return_host(sender.domain), sender.domain, signature)
    if uses_server(sender):
        return Identity(sender.way, sender.server_address, message_host=sender.server_address.rpartition("@")[2])
    return Identity(Sender.Way.NEUTRAL, settings.DEFAULT_FROM_EMAIL)


def uses_domain(sender: Sender) -> bool:
    """Whether mail leaves in the name of the own domain: not where a provider signs by itself, or a plan has no sender of one's own."""
    return sender.uses_domain and mail_zone() is not None and entitlements.keeps(entitlements.OWN_SENDER)


def uses_server(sender: Sender) -> bool:
    """Whether mail leaves by the own server now."""
    return sender.uses_server and entitlements.keeps(entitlements.OWN_SENDER)


def address_of(sender: Sender) -> str:
    """The address alone, without the key."""
    if uses_domain(sender):
        return sender.domain_address
    return sender.server_address if uses_server(sender) else settings.DEFAULT_FROM_EMAIL


def _signature(sender: Sender) -> Signature | None:
    """By the key that signs now; None where it cannot be read any more, because mail that is not signed is better sent neutrally."""
    key = SigningKey.objects.get(state=SigningKey.State.ACTIVE)
    try:
        return Signature(sender.domain, key.selector, keys.private_key(key))
    except encryption.InvalidToken:
        logger.error("the key that signs mail cannot be decrypted: was SECRET_KEY changed without a fallback?")
        return None


def sender_address() -> str:
    """From which address mail leaves now: what people allow, and what calendar files name."""
    return address_of(current_sender())


def own_address() -> str:
    """The organization's own, as far as it is in force; empty with the neutral sender."""
    sender = current_sender()
    return address_of(sender) if uses_domain(sender) or uses_server(sender) else ""


def own_return_host() -> str:
    """Where what cannot be delivered returns to, to be read into the log; empty where it returns to a mailbox."""
    sender = current_sender()
    return return_host(sender.domain) if uses_domain(sender) else ""


def reply_to(sender: Sender, purpose: Purpose, brand: Brand | None = None) -> str:
    """Where replies go: to the address of the branch in force, else to that of the purpose, else to the general one.

    Empty: to where the mail came from.
    """
    brand = brand or current_brand()
    if brand.of_branch is not None and brand.of_branch.reply_to:
        return brand.of_branch.reply_to
    special = {Purpose.APPOINTMENTS: sender.reply_to_appointments, Purpose.BILLING: sender.reply_to_billing}
    return special.get(purpose, "") or brand.reply_to


def is_proven(address: str) -> bool:
    """Whether somebody has shown that they read the mail of this address."""
    return bool(address) and MailboxProof.objects.filter(address=address.lower(), proven_at__isnull=False).exists()


def open_proof(address: str, *, now: datetime) -> MailboxProof | None:
    """The code that waits to be typed for this address."""
    waiting = MailboxProof.objects.filter(address=address.lower(), expires_at__gt=now, tries_left__gt=0, proven_at=None)
    return waiting.exclude(code_hash="").first()
