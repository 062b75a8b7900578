"""An own domain: named, looked up, watched, and its keys changed."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from branding.senders import keys, outbox_names
from branding.senders.actions.sender import held, require_own_sender
from branding.senders.actions.server import check_server
from branding.senders.audit_codes import SendersAudit
from branding.senders.models import Sender, SigningKey
from branding.senders.queries import current_sender
from branding.senders.records import Record, look_up, mail_zone, stored
from branding.senders.rules.sender_state import (
    NEEDED,
    RETIRED_FOR,
    Found,
    State,
    is_due_for_rotation,
    may_rotate,
    state_after,
)
from branding.senders.signals import sender_state_changed
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.mail_addresses import deliverable
from core.kernel.translation import translate
from tenants.dns import Resolver

FRESH = timedelta(hours=1)
NOTED = {
    State.VERIFIED: SendersAudit.SENDER_VERIFIED,
    State.ATTENTION: SendersAudit.SENDER_ATTENTION,
    State.BROKEN: SendersAudit.SENDER_BROKEN,
}


@transaction.atomic
def name_domain(address: str, *, by: Any) -> Sender:
    """Set from which address mail shall leave. Another domain begins anew, and mail leaves neutrally until it is verified.

    Errors: `not_in_plan`, `no_zone`, `address_impossible`, `address_of_platform`.
    """
    require_own_sender()
    zone = mail_zone()
    if zone is None:
        raise DomainError("no_zone", translate("An own domain cannot be used here. Use your own mail server."))
    try:
        wanted = deliverable(address).lower()
    except ValueError as error:
        raise DomainError(
            "address_impossible", translate("No mail can be sent from this address."), field="address"
        ) from error
    host = wanted.rpartition("@")[2]
    if "." not in host or host == zone.name or host.endswith(f".{zone.name}"):
        raise DomainError(
            "address_of_platform", translate("Name an address of a domain that is yours."), field="address"
        )
    sender = held()
    if sender.domain_address == wanted:
        return sender
    changes = {"domain_address": [sender.domain_address, wanted]}
    if sender.domain != host:
        sender.domain_state, sender.domain_found = State.SETTING_UP, []
        sender.domain_checked_at = sender.domain_unknown_since = None
    sender.domain_address = wanted
    if sender.way == Sender.Way.DOMAIN:
        sender.way = Sender.Way.NEUTRAL  # until the new address is proven, too
        changes["way"] = [Sender.Way.DOMAIN.value, Sender.Way.NEUTRAL.value]
    sender.save()
    keys.make_pair()
    audit.record(SendersAudit.SENDER_CHANGED, by=by, subject=sender, changes=changes)
    return sender


def check_domain(*, now: datetime, by: Any = audit.SYSTEM, resolver: Resolver | None = None) -> list[Record]:
    """Ask the DNS now, and draw the consequences. No row is locked while it is asked."""
    sender, zone = current_sender(), mail_zone()
    if not sender.domain_address or zone is None:
        return []
    found = look_up(sender.domain, keys.make_pair(), zone=zone, resolver=resolver)
    _conclude(sender.domain, found, now=now, by=by)
    return found


def look_again(sender: Sender, *, now: datetime) -> None:
    """Promise a look at the records where the last one is an hour old: the first mail of an hour calls for it."""
    known = sender.domain_checked_at
    if sender.way == Sender.Way.DOMAIN and (known is None or now - known >= FRESH):
        outbox.enqueue(outbox_names.CHECK, key=f"sender-check:{now:%Y-%m-%dT%H}")


@transaction.atomic
def _conclude(domain: str, found: list[Record], *, now: datetime, by: Any) -> None:
    sender = held()
    if sender.domain != domain:
        return  # because somebody named another one meanwhile
    states = {record.key: Found(record.found) for record in found}
    is_unknown = any(states[name] == Found.UNKNOWN for name in NEEDED)
    sender.domain_unknown_since = (sender.domain_unknown_since or now) if is_unknown else None
    waited = now - sender.domain_unknown_since if sender.domain_unknown_since else timedelta()
    before = State(sender.domain_state)
    after = state_after(before, states, unknown_for=waited)
    sender.domain_state, sender.domain_found, sender.domain_checked_at = (
        after, [record.as_json() for record in found], now,
    )  # fmt: skip
    sender.save()
    if after != before and after in NOTED:
        wrong = ", ".join(record.host for record in found if record.found == Found.WRONG)
        audit.record(NOTED[after], by=by, subject=sender, changes={"wrong": ["", wrong]})
        if sender.way == Sender.Way.DOMAIN:
            sender_state_changed.send(Sender, changed=sender, what="domain", state=after.value)


def nightly(*, now: datetime, resolver: Resolver | None = None) -> None:
    """Look at what is in use again, take keys that nobody needs any more out of use, and change keys that have signed for long."""
    sender = current_sender()
    if sender.way == Sender.Way.SERVER:
        check_server(now=now)
    if not sender.domain_address or mail_zone() is None:
        return
    for key in SigningKey.objects.filter(state=SigningKey.State.RETIRED, changed_at__lte=now - RETIRED_FOR):
        keys.renew(key)
    found = check_domain(now=now, resolver=resolver)
    active = SigningKey.objects.get(state=SigningKey.State.ACTIVE)
    if _next_is_right(found) and is_due_for_rotation(active.changed_at, now=now):
        _switch(by=audit.SYSTEM, now=now)


def rotate_keys(*, by: Any, now: datetime) -> None:
    """Sign with the key that waited. Error `next_key_missing` as long as its record is not right."""
    if not _next_is_right(stored(current_sender().domain_found)):
        raise DomainError(
            "next_key_missing",
            translate("The record of the next key is not right yet. Set it, look again, and then change the key."),
        )
    _switch(by=by, now=now)


def _next_is_right(found: list[Record]) -> bool:
    return any(record.key == "dkim_next" and may_rotate(next_key=Found(record.found)) for record in found)


@transaction.atomic
def _switch(*, by: Any, now: datetime) -> None:
    sender = held()
    waiting = SigningKey.objects.select_for_update().filter(state=SigningKey.State.WAITING).first()
    if waiting is None:
        raise ConflictError("key_just_changed", translate("The key was changed a moment ago."))
    active = SigningKey.objects.select_for_update().get(state=SigningKey.State.ACTIVE)
    for key, state in ((active, SigningKey.State.RETIRED), (waiting, SigningKey.State.ACTIVE)):
        key.state, key.changed_at = state, now
        key.save(update_fields=["state", "changed_at"])
    sender.domain_found = [
        {**record, "key": "dkim"} if record["key"] == "dkim_next" else record
        for record in sender.domain_found
        if record["key"] != "dkim"
    ]
    sender.save(update_fields=["domain_found"])
    audit.record(
        SendersAudit.SENDER_KEY_ROTATED,
        by=by,
        subject=sender,
        changes={"selector": [active.selector, waiting.selector]},
    )
