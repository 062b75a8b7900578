"""Mail that comes back to the return path: reports of the mail system (RFC 3464) and of spam (RFC 5965), read into the delivery log.

Which mail it is follows from the address it returned to, which is signed. What a report says of itself is otherwise not trusted: it can only
worsen or better the state of that one mail.
"""

import re
from email import message_from_bytes
from email.message import Message
from uuid import UUID

from branding.senders.actions import note_test
from branding.senders.authentication import received_results
from core.kernel import clock
from core.kernel.reasons import Reason
from core.notifications.models import Delivery
from core.notifications.reasons import DeliveryReason
from core.notifications.reports import mail_of, note
from core.notifications.tracking import read_return_address

State = Delivery.State
STATES = {"failed": State.BOUNCED, "delayed": State.DEFERRED, "delivered": State.DELIVERED, "relayed": State.DELIVERED}
# RFC 3463: 5.1.x is about the address, 5.7.x about permission; 4.4.7 says that the time is over.
REASONS = (
    (re.compile(r"5\.1\.\d+"), DeliveryReason.ADDRESS_UNKNOWN),
    (re.compile(r"5\.7\.\d+"), DeliveryReason.BLOCKED),
    (re.compile(r"[45]\.4\.7"), DeliveryReason.TIMED_OUT),
)
MOST_BYTES = 1_000_000


def receive(returned_to: str, raw: bytes) -> bool:
    """Read one mail that was returned to an address; returns whether it said something of a mail of ours."""
    facts, message = read_return_address(returned_to), message_from_bytes(raw[:MOST_BYTES])
    if facts is None:
        return False
    read, found = _report(message), received_results(message)
    if read is None:
        return _note_results(facts, found)
    if found:
        _note_results(facts, found)
    state, reason, said = read
    with mail_of(facts) as delivery:
        if delivery is None:
            return False
        note(delivery, state, at=clock.now(), reason=Reason(reason) if reason else None, detail=said)
    return True


def _note_results(facts: tuple[UUID, UUID], found: list[dict[str, str]]) -> bool:
    """Keep what the receiving server found, where this is the last test of the sender; returns whether it says something at all."""
    with mail_of(facts) as delivery:
        if delivery is not None and found:
            note_test(str(facts[1]), received=found)
    return delivery is not None and bool(found)


def _report(message: Message) -> tuple[State, DeliveryReason | None, str] | None:
    """State, reason and the server's own words; None for what is no report."""
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            return State.COMPLAINED, DeliveryReason.COMPLAINED, ""
        if part.get_content_type() == "message/delivery-status":
            return _delivery_status(part)
    return None


def _delivery_status(part: Message) -> tuple[State, DeliveryReason | None, str] | None:
    groups = part.get_payload()
    for group in groups if isinstance(groups, list) else []:
        state = STATES.get(str(group.get("Action", "")).strip().lower())
        if state is None:
            continue
        said = " ".join(str(group.get("Diagnostic-Code") or group.get("Status") or "").partition(";")[2].split())
        status = str(group.get("Status", "")).strip()
        return state, _reason(state, status), f"{status} {said}".strip()
    return None


def _reason(state: State, status: str) -> DeliveryReason | None:
    if state == State.DELIVERED:
        return None
    if state == State.DEFERRED:
        return DeliveryReason.DELAYED
    return next((reason for pattern, reason in REASONS if pattern.fullmatch(status)), DeliveryReason.REFUSED_THERE)
