"""Signing in to the console: password, then a one-time code or a recovery code; wrong guesses are slowed down by address and by operator."""

import hashlib
import secrets
import time
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from core.kernel import unseen
from core.kernel.errors import ConflictError, DomainError
from tenants import events
from tenants.audit_codes import PlatformAudit
from tenants.operators import encryption, one_time_codes
from tenants.operators.actions import sessions
from tenants.operators.models import Operator, OperatorSession, RecoveryCode, SignInFailure

WINDOW = timedelta(minutes=15)
MOST_PER_OPERATOR_AND_ADDRESS = 5
MOST_PER_ADDRESS = 20
MOST_PER_OPERATOR = 60
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def check_credentials(*, email: str, password: str, address: str | None, now: datetime) -> str:
    """Check the password and return the token of a half-open session. Errors: `sign_in_wrong`, `sign_in_blocked`."""
    operator = Operator.objects.filter(email__iexact=unseen.address(email), is_active=True).first()
    _refuse_guessing(operator, address, now)
    # A password is checked for unknown addresses too, because the time of the answer would tell who is an operator.
    stored = operator.password if operator else make_password("nobody's")
    if not check_password(password, stored) or operator is None:
        _note_failure(operator, address, now)
        raise DomainError("sign_in_wrong", "The e-mail address or the password is wrong.")
    return sessions.start(operator, stage=sessions.Stage.PASSWORD, address=address, now=now)


def propose_secret(operator: Operator) -> str:
    """Return the secret that an operator without a device is to put into an authenticator; the same until it is confirmed."""
    if operator.enrolled_at is not None:
        raise ConflictError("enrolled", "A device is enrolled already.")
    if not operator.encrypted_secret:
        operator.encrypted_secret = encryption.encrypt(one_time_codes.new_secret())
        operator.save(update_fields=["encrypted_secret"])
    return encryption.decrypt(operator.encrypted_secret)


def confirm_enrolment(session: OperatorSession, *, code: str, now: datetime) -> tuple[str, list[str]]:
    """Enrol the device whose code this is; returns the new token and the recovery codes, shown once. Errors as in `check_code`."""
    operator = session.operator
    if operator.enrolled_at is not None:
        raise ConflictError("enrolled", "A device is enrolled already.")
    _use_code(session, code, now)
    with transaction.atomic():
        Operator.objects.filter(pk=operator.pk).update(enrolled_at=now)
        codes = renew_recovery_codes(operator)
        events.record(PlatformAudit.OPERATOR_ENROLLED, organization=None, by=operator.email, now=now)
        return _complete(session, now, "with a new device"), codes


def check_code(session: OperatorSession, *, code: str, now: datetime) -> str:
    """Check a one-time code and return the token of the complete session. Errors: `code_wrong`, `sign_in_blocked`."""
    if session.operator.enrolled_at is None:
        raise ConflictError("not_enrolled", "Set up your authenticator first.")
    _use_code(session, code, now)
    with transaction.atomic():
        return _complete(session, now, "with a one-time code")


def check_recovery_code(session: OperatorSession, *, code: str, now: datetime) -> str:
    """Use up a recovery code and return the token of the complete session. Errors: `code_wrong`, `sign_in_blocked`."""
    _refuse_guessing(session.operator, session.address, now)
    unused = RecoveryCode.objects.filter(operator=session.operator_id, digest=_digest(code), used_at=None)
    if session.operator.enrolled_at is None or not unused.update(used_at=now):
        _note_failure(session.operator, session.address, now)
        raise DomainError("code_wrong", "This is not one of your unused recovery codes.", field="code")
    return _complete(session, now, "with a recovery code")


def renew_recovery_codes(operator: Operator) -> list[str]:
    """Replace the operator's recovery codes; returns the new ones, which are kept only as digests."""
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]
    operator.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(operator=operator, digest=_digest(code)) for code in codes)
    return codes


def sign_out(session: OperatorSession, *, now: datetime) -> None:
    events.record(PlatformAudit.OPERATOR_SIGNED_OUT, organization=None, by=session.operator.email, now=now)
    session.delete()


def _use_code(session: OperatorSession, code: str, now: datetime) -> None:
    """Accept the code once. Codes go by the world's clock and not by ours, because the authenticator does."""
    _refuse_guessing(session.operator, session.address, now)
    with transaction.atomic():
        operator = Operator.objects.select_for_update().get(pk=session.operator_id)
        secret = (
            encryption.decrypt(operator.encrypted_secret) if operator.encrypted_secret else one_time_codes.new_secret()
        )
        counter = one_time_codes.matching_counter(secret, code, seconds=time.time(), used=operator.last_counter)
        if counter is not None:
            operator.last_counter = counter
            operator.save(update_fields=["last_counter"])
            return
    _note_failure(session.operator, session.address, now)
    message = "The code is wrong or was used already. Enter the one that is shown now."
    raise DomainError("code_wrong", message, field="code")


def _complete(session: OperatorSession, now: datetime, note: str) -> str:
    """A new token for the complete session: the one from before the second factor is worth nothing any more."""
    session.delete()
    events.record(PlatformAudit.OPERATOR_SIGNED_IN, organization=None, by=session.operator.email, now=now, note=note)
    return sessions.start(session.operator, stage=sessions.Stage.COMPLETE, address=session.address, now=now)


def _refuse_guessing(operator: Operator | None, address: str | None, now: datetime) -> None:
    recent = SignInFailure.objects.filter(at__gt=now - WINDOW)
    by_address = recent.filter(address=address)
    blocked = by_address.count() >= MOST_PER_ADDRESS
    if operator is not None and not blocked:
        blocked = (
            by_address.filter(operator=operator).count() >= MOST_PER_OPERATOR_AND_ADDRESS
            or recent.filter(operator=operator).count() >= MOST_PER_OPERATOR
        )
    if blocked:
        raise DomainError("sign_in_blocked", "Too many wrong attempts. Wait a quarter of an hour, then try again.")


def _note_failure(operator: Operator | None, address: str | None, now: datetime) -> None:
    SignInFailure.objects.create(operator=operator, address=address, at=now)
    if operator is not None:
        events.record(
            PlatformAudit.OPERATOR_SIGN_IN_REFUSED, organization=None, by=operator.email, now=now, note=address or ""
        )


def _digest(code: str) -> str:
    """Fifty random bits behind the rate limit need no slow hash."""
    return hashlib.sha256("".join(code.lower().replace("-", "").split()).encode()).hexdigest()
