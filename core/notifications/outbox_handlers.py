"""The mails about the sender of mail, and the look at its records, when the outbox says so."""

from datetime import datetime
from typing import Any
from uuid import UUID

from branding.queries import current_brand
from branding.senders import outbox_names
from branding.senders.actions import check_domain, note_test
from branding.senders.authentication import findings
from branding.senders.queries import is_proven
from core.kernel import clock, outbox
from core.kernel.errors import GatewayError
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail, push, text_messages
from core.notifications import outbox_names as own_names
from core.notifications.channels import has_stopped
from core.notifications.languages import in_language
from core.notifications.messages import Content
from core.notifications.models import NotificationSettings, TextNumber
from core.notifications.sender_messages import SENDER_CODE, SENDER_TEST, code_content, sender_test_content
from core.notifications.text_gateway import is_name
from core.notifications.text_messages import TextReader
from core.notifications.text_reports import StillSendingError, note_report
from core.notifications.text_templates import TEXT_CODE
from core.notifications.web_push import PushTrouble

MOST_ATTEMPTS = 3  # of a push, within about two minutes


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


@outbox.handler(own_names.SEND_PUSH, label=gettext_noop("Push"))
def send_push(message: OutboxMessage) -> None:
    """A notice to one of the person's devices. A push service that stays away is given up on without a word: the notice stands behind the bell."""
    now = clock.now()
    notice, device = push.still_wanted(message, now=now)
    with in_language(message.payload["language"]) as language:
        try:
            push.deliver(message, notice, device, language=language, now=now)
        except PushTrouble as trouble:
            if message.attempts >= MOST_ATTEMPTS:
                raise outbox.Obsolete(f"the push service is away: {trouble}") from trouble
            raise


@outbox.handler(own_names.SEND_TEXT_CODE, label=gettext_noop("Text message: code for a number"))
def send_text_code(message: OutboxMessage) -> None:
    """The code to the number that was given, unless another was given since."""
    facts = message.payload
    row = TextNumber.objects.filter(user_id=facts["user"], asked_number=facts["number"]).first()
    if row is None or row.asked_at != datetime.fromisoformat(facts["asked_at"]):
        raise outbox.Obsolete("another code was asked for, or it was typed already")
    organization = NotificationSettings.current()
    if not row.awaits_code(clock.now()) or not organization.has_texts:
        raise outbox.Obsolete("the code has run out, or there are no text messages any more")
    if has_stopped(row.asked_number) and not is_name(organization.text_sender):
        raise outbox.Obsolete("STOP was answered from there meanwhile")
    to = TextReader(facts["user"], row.asked_number, current_brand().time_zone, facts["language"])
    text_messages.send(message, TEXT_CODE, to=to, content=lambda: Content(values={"code": facts["code"]}))


@outbox.handler(own_names.NOTE_TEXT_REPORT, label=gettext_noop("Report of a text message"))
def note_text_report(message: OutboxMessage) -> None:
    """What the provider said while the message was still being handed over."""
    facts = message.payload
    try:
        note_report(UUID(facts["promise"]), facts["status"], facts["code"])
    except StillSendingError as error:
        raise GatewayError("it is still being handed over", permanent=False) from error


def _reader(address: str) -> mail.Recipient:
    brand = current_brand()
    return mail.Recipient(
        user_id="", name=brand.name, address=address, time_zone=brand.time_zone, language=brand.language
    )
