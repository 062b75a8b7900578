"""Showing that one reads the mail of an address: a code of six digits goes there, and is typed here."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from branding.senders import outbox_names
from branding.senders.actions.sender import held
from branding.senders.audit_codes import SendersAudit
from branding.senders.models import MailboxProof
from branding.senders.queries import is_proven
from core.kernel import audit, limits, outbox
from core.kernel.errors import DomainError
from core.kernel.limits import Limit
from core.kernel.translation import translate

VALID_FOR = timedelta(minutes=30)
TRIES = 5
CODES = Limit("sender.code", 5, timedelta(hours=1))  # per address, so that nobody's mailbox is filled by us
CODES_A_DAY = Limit("sender.code.day", 20, timedelta(days=1))  # of the organization


@transaction.atomic
def request_code(address: str, *, by: Any, now: datetime) -> None:
    """Send a fresh code; an earlier one is worth nothing from then on. Errors: `address_proven`, `TooOften`."""
    sender, address = held(), address.lower()
    if address not in (sender.domain_address, sender.server_address) or not address:
        raise DomainError("address_unknown", translate("Name the address first."))
    if is_proven(address):
        raise DomainError("address_proven", translate("This address is proven already."))
    limits.count([(CODES, address), (CODES_A_DAY, "all")], now=now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    values = {"code_hash": _hash(address, code), "tries_left": TRIES, "expires_at": now + VALID_FOR, "proven_at": None}
    MailboxProof.objects.update_or_create(address=address, defaults=values)
    outbox.enqueue(
        outbox_names.SEND_ADDRESS_CODE,
        by=by,
        address=address,
        code=code,
        expires_at=values["expires_at"].isoformat(),  # type: ignore[attr-defined]
    )
    audit.record(SendersAudit.SENDER_CODE_SENT, by=by, subject=sender, changes={"address": ["", address]})


def confirm_code(address: str, code: str, *, by: Any, now: datetime) -> None:
    """Take the code. A wrong one is counted, also when everything around it is rolled back; five, and a new one is needed.

    Errors, all of the field `code`: `code_expired`, `code_wrong`.
    """
    if not _take(address.lower(), "".join(code.split()), by=by, now=now):
        raise DomainError(
            "code_wrong", translate("This is not the code. Look into the latest mail that we sent there."), field="code"
        )


@transaction.atomic
def _take(address: str, code: str, *, by: Any, now: datetime) -> bool:
    proof = MailboxProof.objects.select_for_update().filter(address=address, proven_at=None).first()
    if proof is None or not proof.code_hash or proof.expires_at <= now or not proof.tries_left:
        raise DomainError(
            "code_expired",
            translate("This code has run out or was mistyped too often. Have another one sent."),
            field="code",
        )
    if not constant_time_compare(proof.code_hash, _hash(address, code)):
        proof.tries_left -= 1
        proof.save(update_fields=["tries_left"])
        return False
    proof.proven_at, proof.code_hash, proof.tries_left = now, "", 0
    proof.save(update_fields=["proven_at", "code_hash", "tries_left"])
    audit.record(SendersAudit.SENDER_ADDRESS_PROVEN, by=by, subject=held(), changes={"address": ["", address]})
    return True


def _hash(address: str, code: str) -> str:
    return salted_hmac("branding.senders.proofs", f"{address}:{code}", algorithm="sha256").hexdigest()
