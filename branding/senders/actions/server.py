"""An own mail server: entered, tried, watched."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from branding.senders.actions.sender import held, require_own_sender
from branding.senders.audit_codes import SendersAudit
from branding.senders.keys import PASSWORD_PURPOSE
from branding.senders.models import Sender
from branding.senders.queries import current_sender
from branding.senders.reasons import SenderReason
from branding.senders.servers import PORTS, reason_of, try_server
from branding.senders.signals import sender_state_changed
from core.kernel import audit, encryption, limits
from core.kernel.errors import DomainError
from core.kernel.limits import Limit
from core.kernel.mail_addresses import deliverable
from core.kernel.reasons import Reason
from core.kernel.translation import translate

PATIENT_FAILURES = 3  # of mails in a row
TRIES = Limit("sender.server", 30, timedelta(hours=1))  # so that nobody tries through other people's servers by us


@transaction.atomic
def change_server(
    *, address: str, host: str, port: int, security: str, user: str, password: str | None, by: Any
) -> Sender:
    """Keep what was entered; it is used only after it has passed its test. `password` None: the one that is there stays.

    Another host or user never gets the password that was meant for the one before. Errors: `not_in_plan`, `port_refused`,
    `letters_refused`, `password_missing`.
    """
    require_own_sender()
    if port not in PORTS and not settings.PRIVATE_MAIL_SERVERS:
        raise DomainError(
            "port_refused",
            translate("Mail servers listen at %(ports)s.", ports=", ".join(str(each) for each in PORTS)),
            field="port",
        )
    for field, text in (("user", user), ("password", password or "")):
        if not text.isascii():  # because the language's mail library sends no others
            sentence = translate("Only letters without accents, digits and signs can be sent to a mail server here.")
            raise DomainError("letters_refused", sentence, field=field)
    sender = held()
    wanted: dict[str, Any] = {
        "server_address": deliverable(address).lower(), "server_host": host.strip().rstrip(".").lower(), "server_port": port,
        "server_security": security, "server_user": user,
    }  # fmt: skip
    changes = {
        field: [getattr(sender, field), value] for field, value in wanted.items() if getattr(sender, field) != value
    }
    if password is None and user and changes.keys() & {"server_host", "server_user"} and sender.server_password:
        raise DomainError(
            "password_missing",
            translate("Type the password again: it was meant for another server or user."),
            field="password",
        )
    if password is not None or not user:
        sender.server_password = encryption.encrypt(password, purpose=PASSWORD_PURPOSE) if password and user else ""
        changes["password"] = ["", "changed"]
    for field, value in wanted.items():
        setattr(sender, field, value)
    if changes:
        sender.server_works, sender.server_failures, sender.server_checked_at = False, 0, None
        sender.server_reason_code, sender.server_reason_values = "", {}
        sender.save()
        audit.record(SendersAudit.SENDER_CHANGED, by=by, subject=sender, changes=changes)
    return sender


def check_server(*, now: datetime, by: Any = audit.SYSTEM) -> Reason:
    """Connect and sign in now. No row is locked meanwhile. Error `TooOften`."""
    if by != audit.SYSTEM:
        limits.count([(TRIES, "all")], now=now)
    sender = current_sender()
    reason = try_server(sender)
    _note(sender, reason, works=reason.code == SenderReason.FINE, now=now, by=by)
    return reason


def note_server_failure(error: BaseException, *, now: datetime) -> None:
    """A mail could not be handed over for the server's sake: after three in a row the neutral sender takes its place."""
    sender = current_sender()
    if not sender.uses_server:
        return
    failures = sender.server_failures + 1
    Sender.objects.filter(pk=sender.pk).update(server_failures=failures)
    if failures >= PATIENT_FAILURES:
        _note(sender, reason_of(error, sender), works=False, now=now, by=audit.SYSTEM)


def note_server_success(sender: Sender) -> None:
    """A mail was taken: failures before it do not count any more."""
    if sender.server_failures:
        Sender.objects.filter(pk=sender.pk).update(server_failures=0)


@transaction.atomic
def _note(tried: Sender, reason: Reason, *, works: bool, now: datetime, by: Any) -> None:
    sender = held()
    same = ("server_address", "server_host", "server_port", "server_security", "server_user", "server_password")
    if any(getattr(sender, field) != getattr(tried, field) for field in same):
        return  # because somebody entered another one meanwhile
    had_worked, sender.server_works = sender.server_works, works
    sender.server_reason_code, sender.server_reason_values = reason.code.value, reason.stored_values()
    sender.server_checked_at, sender.server_failures = now, 0
    sender.save()
    if had_worked != works and sender.way == Sender.Way.SERVER:
        code = SendersAudit.SENDER_VERIFIED if works else SendersAudit.SENDER_BROKEN
        audit.record(code, by=by, subject=sender, changes={"server": ["", sender.server_host]})
        sender_state_changed.send(Sender, changed=sender, what="server", state="verified" if works else "broken")
