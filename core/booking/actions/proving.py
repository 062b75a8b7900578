"""A visitor shows that an address is theirs, by a code that is sent to it."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from branding.speaking import place
from core.booking import outbox_names
from core.booking.actions.holding import HELD, LONGEST, lock_hold
from core.booking.models import Hold
from core.kernel import outbox, unseen
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.kernel.typed_names import require_no_address, unlinked


@transaction.atomic
def ask_for_code(hold: Hold, *, details: dict[str, Any], language: str, now: datetime) -> Hold:
    """Keep what was typed, and promise the mail with a code; one that was sent before is worth nothing any more.

    The same happens for every address, whoever has a login with it: nobody learns from this who is known here. DomainError `name_is_address`.
    """
    require_no_address(details["first_name"], details.get("last_name", ""))
    hold = lock_hold(hold)
    code = f"{secrets.randbelow(1_000_000):06}"
    hold.details = details
    hold.code_digest = _digest(hold, code)
    hold.code_expires_at = now + HELD
    hold.proven_address = ""
    if not hold.is_over(now):
        hold.expires_at = max(hold.expires_at, min(now + HELD, hold.made_at + LONGEST))  # because mail takes its time
    hold.save()
    outbox.enqueue(
        outbox_names.SEND_CODE,
        address=details["email"],
        reader=unlinked(details["first_name"]),
        code=code,
        language=language,
        time_zone=hold.time_zone,
        expires_at=hold.code_expires_at.isoformat(),
        **place(),
    )
    return hold


@transaction.atomic
def keep_details(hold: Hold, *, details: dict[str, Any]) -> Hold:
    """Keep what was typed, by somebody whose address is proven already and stays the same. DomainError `name_is_address`."""
    require_no_address(details["first_name"], details.get("last_name", ""))
    hold = lock_hold(hold)
    hold.details = details
    hold.save(update_fields=["encrypted_details"])
    return hold


@transaction.atomic
def prove_address(hold: Hold, *, code: str, now: datetime) -> Hold:
    """The address is theirs if this is the code. DomainError `code_wrong`, `code_expired`. The caller counts the attempts."""
    hold = lock_hold(hold)
    if hold.code_expires_at is None or hold.code_expires_at <= now:
        raise DomainError("code_expired", translate("This code has run out. Let us send another one."), field="code")
    if not constant_time_compare(hold.code_digest, _digest(hold, "".join(code.split()))):
        raise DomainError("code_wrong", translate("That is not the code of the newest mail."), field="code")
    hold.proven_address = unseen.address(hold.details["email"]).lower()
    hold.save(update_fields=["proven_address"])
    return hold


def _digest(hold: Hold, code: str) -> str:
    return salted_hmac("core.booking.code", f"{hold.pk}:{code}", algorithm="sha256").hexdigest()
