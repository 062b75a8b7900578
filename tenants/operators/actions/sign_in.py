"""Signing in to the console: password, then a one-time code or a recovery code.

Wrong guesses are slowed down by operator, device and address, alike for operators and for addresses that nobody has: `guesses.py`.
"""

import hashlib
import secrets
import time
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from core.kernel import unseen
from core.kernel.errors import ConflictError, DomainError
from tenants import events
from tenants.audit_codes import PlatformAudit
from tenants.operators import encryption, one_time_codes
from tenants.operators.actions import guesses, sessions
from tenants.operators.actions.guesses import Guesser
from tenants.operators.models import Operator, OperatorSession, RecoveryCode

RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def check_credentials(*, email: str, password: str, address: str | None, now: datetime, device: str = "") -> str:
    """Check the password and return the token of a half-open session. `device`: one that this operator is known on.

    Errors: `sign_in_wrong`, `TooOften`.
    """
    operator = find(email)
    guess = guesses.begin(Guesser(email, operator, address, device), now=now)
    # One hash either way, because the time of the answer would tell who is an operator.
    if operator is None:
        make_password(password)
    if operator is None or not check_password(password, operator.password):
        guess.was_wrong()
        raise DomainError("sign_in_wrong", "The e-mail address or the password is wrong.")
    guess.was_right()
    return sessions.start(operator, stage=sessions.Stage.PASSWORD, address=address, now=now)


def find(email: str) -> Operator | None:
    """The active operator with this address."""
    return Operator.objects.filter(email__iexact=unseen.address(email), is_active=True).first()


def propose_secret(operator: Operator) -> str:
    """Return the secret that an operator without a device is to put into an authenticator; the same until it is confirmed."""
    if operator.enrolled_at is not None:
        raise ConflictError("enrolled", "A device is enrolled already.")
    if not operator.encrypted_secret:
        operator.encrypted_secret = encryption.encrypt(one_time_codes.new_secret())
        operator.save(update_fields=["encrypted_secret"])
    return encryption.decrypt(operator.encrypted_secret)


def confirm_enrolment(session: OperatorSession, *, code: str, now: datetime, device: str = "") -> tuple[str, list[str]]:
    """Enrol the device whose code this is; returns the new token and the recovery codes, shown once. Errors as in `check_code`."""
    operator = session.operator
    if operator.enrolled_at is not None:
        raise ConflictError("enrolled", "A device is enrolled already.")
    _use_code(session, code, now, device)
    with transaction.atomic():
        Operator.objects.filter(pk=operator.pk).update(enrolled_at=now)
        codes = renew_recovery_codes(operator)
        events.record(PlatformAudit.OPERATOR_ENROLLED, organization=None, by=operator.email, now=now)
        return _complete(session, now, "with a new device"), codes


def check_code(session: OperatorSession, *, code: str, now: datetime, device: str = "") -> str:
    """Check a one-time code and return the token of the complete session. Errors: `code_wrong`, `TooOften`."""
    if session.operator.enrolled_at is None:
        raise ConflictError("not_enrolled", "Set up your authenticator first.")
    _use_code(session, code, now, device)
    with transaction.atomic():
        return _complete(session, now, "with a one-time code")


def check_recovery_code(session: OperatorSession, *, code: str, now: datetime, device: str = "") -> str:
    """Use up a recovery code and return the token of the complete session. Errors: `code_wrong`, `TooOften`."""
    guess = guesses.begin(_guesser(session, device), now=now)
    unused = RecoveryCode.objects.filter(operator=session.operator_id, digest=_digest(code), used_at=None)
    if session.operator.enrolled_at is None or not unused.update(used_at=now):
        guess.was_wrong()
        raise DomainError("code_wrong", "This is not one of your unused recovery codes.", field="code")
    guess.was_right()
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


def _use_code(session: OperatorSession, code: str, now: datetime, device: str) -> None:
    """Accept the code once. Codes go by the world's clock and not by ours, because the authenticator does."""
    guess = guesses.begin(_guesser(session, device), now=now)
    with transaction.atomic():
        operator = Operator.objects.select_for_update().get(pk=session.operator_id)
        secret = (
            encryption.decrypt(operator.encrypted_secret) if operator.encrypted_secret else one_time_codes.new_secret()
        )
        counter = one_time_codes.matching_counter(secret, code, seconds=time.time(), used=operator.last_counter)
        if counter is not None:
            operator.last_counter = counter
            operator.save(update_fields=["last_counter"])
            guess.was_right()
            return
    guess.was_wrong()
    message = "The code is wrong or was used already. Enter the one that is shown now."
    raise DomainError("code_wrong", message, field="code")


def _complete(session: OperatorSession, now: datetime, note: str) -> str:
    """A new token for the complete session: the one from before the second factor is worth nothing any more."""
    session.delete()
    events.record(PlatformAudit.OPERATOR_SIGNED_IN, organization=None, by=session.operator.email, now=now, note=note)
    return sessions.start(session.operator, stage=sessions.Stage.COMPLETE, address=session.address, now=now)


def _guesser(session: OperatorSession, device: str) -> Guesser:
    return Guesser(session.operator.email, session.operator, session.address, device)


def _digest(code: str) -> str:
    """Fifty random bits behind the rate limit need no slow hash."""
    return hashlib.sha256("".join(code.lower().replace("-", "").split()).encode()).hexdigest()
