"""By which of the three ways mail leaves, and where replies go."""

from typing import Any

from django.db import transaction

from branding.actions import change_brand
from branding.models import Brand
from branding.senders.actions.sender import held, require_own_sender
from branding.senders.audit_codes import SendersAudit
from branding.senders.models import Sender
from branding.senders.queries import is_proven
from branding.senders.records import mail_zone
from branding.senders.rules.sender_state import IN_USE
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate


@transaction.atomic
def choose_way(way: str, *, by: Any) -> Sender:
    """Let mail leave by another way from now on. Errors: `not_in_plan`, `domain_not_ready`, `server_not_ready`, `address_not_proven`."""
    if way != Sender.Way.NEUTRAL:
        require_own_sender()
    sender = held()
    if way == Sender.Way.DOMAIN:
        if mail_zone() is None or not sender.domain_address or sender.domain_state not in IN_USE:
            raise DomainError(
                "domain_not_ready",
                translate("Not every record of the domain is right yet. Set what is missing, and look again."),
            )
        _require_proof(sender.domain_address)
    elif way == Sender.Way.SERVER:
        if not sender.server_works:
            raise DomainError(
                "server_not_ready", translate("The mail server has not passed its test yet. Save it and try it first.")
            )
        _require_proof(sender.server_address)
    elif way != Sender.Way.NEUTRAL:
        raise DomainError("way_unknown", translate("There is no such way."))
    if sender.way != way:
        audit.record(SendersAudit.SENDER_CHANGED, by=by, subject=sender, changes={"way": [sender.way, way]})
        sender.way = way
        sender.save(update_fields=["way"])
    return sender


@transaction.atomic
def change_replies(
    *, sender_name: str, reply_to: str, reply_to_appointments: str, reply_to_billing: str, by: Any
) -> Sender:
    """The name that people read, and where replies go, by what the mail is about."""
    change_brand(Brand.objects.get(is_current=True), by=by, sender_name=sender_name, reply_to=reply_to)
    sender = held()
    wanted = {"reply_to_appointments": reply_to_appointments, "reply_to_billing": reply_to_billing}
    changes = {field: [getattr(sender, field), value] for field, value in wanted.items()}
    changes = {field: change for field, change in changes.items() if change[0] != change[1]}
    if changes:
        for field in changes:
            setattr(sender, field, wanted[field])
        sender.save(update_fields=list(changes))
        audit.record(SendersAudit.SENDER_CHANGED, by=by, subject=sender, changes=changes)
    return sender


def _require_proof(address: str) -> None:
    if not is_proven(address):
        raise DomainError(
            "address_not_proven",
            translate("Nobody has shown yet that they read the mail of %(address)s.", address=address),
        )
