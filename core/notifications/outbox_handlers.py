"""The mails about the sender of mail, and the look at its records, when the outbox says so."""

from datetime import datetime
from typing import Any

from branding.queries import current_brand
from branding.senders import outbox_names
from branding.senders.actions import check_domain, note_test
from branding.senders.authentication import findings
from branding.senders.queries import is_proven
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.notifications.sender_messages import SENDER_CODE, SENDER_TEST, code_content, sender_test_content


@outbox.handler(outbox_names.SEND_ADDRESS_CODE, label=gettext_noop("Mail: code for an address"), is_mail=True)
def send_address_code(message: OutboxMessage) -> None:
    """The code to the address that shall be proven; always by the platform's own server."""
    facts = message.payload
    if datetime.fromisoformat(facts["expires_at"]) <= clock.now() or is_proven(facts["address"]):
        raise outbox.Obsolete("the code has run out, or is not needed any more")
    mail.send(
        message,
        SENDER_CODE,
        to=_reader(facts["address"]),
        content=lambda: code_content(facts["code"]),
        neutrally=True,
    )


@outbox.handler(outbox_names.SEND_TEST, label=gettext_noop("Mail: test of the sender"), is_mail=True)
def send_test(message: OutboxMessage) -> None:
    """A mail as all mail leaves now, and our own look at what was handed over."""
    facts = message.payload
    seen: dict[str, Any] = {}

    def inspect(sent: Any) -> None:
        raw = getattr(sent, "as_sent", None) or sent.message().as_bytes(linesep="\r\n")
        envelope = getattr(sent, "envelope_sender", "") or sent.from_email
        seen.update(
            {
                "sent_from": sent.from_email,
                "envelope": envelope.rpartition("<")[2].rstrip(">"),
                "findings": [finding.as_json() for finding in findings(raw, envelope_sender=envelope.rstrip(">"))],
            }
        )

    mail.send(
        message,
        SENDER_TEST,
        to=_reader(facts["address"]),
        content=sender_test_content,
        inspect=inspect,
    )
    note_test(str(message.pk), sent_at=clock.now().isoformat(), **seen)


@outbox.handler(outbox_names.CHECK, label=gettext_noop("Look at the records of the mail domain"))
def check(message: OutboxMessage) -> None:
    """Promised by the first mail of an hour, so that a domain that broke is noticed before the night."""
    check_domain(now=clock.now())


def _reader(address: str) -> mail.Recipient:
    brand = current_brand()
    return mail.Recipient(
        user_id="", name=brand.name, address=address, time_zone=brand.time_zone, language=brand.language
    )
