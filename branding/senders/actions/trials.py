"""A mail to oneself, and what it shows."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from branding.senders import outbox_names
from branding.senders.actions.sender import held
from branding.senders.audit_codes import SendersAudit
from branding.senders.models import Sender
from core.kernel import audit, limits, outbox
from core.kernel.limits import Limit

TESTS = Limit("sender.test", 10, timedelta(hours=1))


@transaction.atomic
def request_test(*, address: str, by: Any, now: datetime) -> Sender:
    """Have a test mail sent as mail leaves now. Error `TooOften`."""
    sender = held()
    limits.count([(TESTS, "all")], now=now)
    message = outbox.enqueue(outbox_names.SEND_TEST, by=by, address=address, user_id=str(by.pk))
    sender.last_test = {"promise": str(message.pk), "address": address, "asked_at": now.isoformat()}
    sender.save(update_fields=["last_test"])
    audit.record(SendersAudit.SENDER_TEST_SENT, by=by, subject=sender, changes={"address": ["", address]})
    return sender


@transaction.atomic
def note_test(promise: str, **shown: Any) -> None:
    """Keep what the test mail showed, as long as nobody has asked for another one meanwhile."""
    sender = held()
    if sender.last_test.get("promise") == promise:
        sender.last_test = {**sender.last_test, **shown}
        sender.save(update_fields=["last_test"])
