"""One-time codes by time, as authenticator apps show them (TOTP, RFC 6238: HMAC-SHA-1, 30 seconds, six digits).

A code of the step before or after is accepted, because clocks differ; a code is accepted once, because somebody may have watched.
"""

import base64
import secrets
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base 32, as it is typed into an authenticator."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether the text is base 32 of at least 80 bits."""
    try:
        return len(base64.b32decode(text)) >= 10
    except ValueError:
        return False


def current_code(secret: str, seconds: float) -> str:
    """Return the code at a moment, in seconds since 1970."""
    return _totp(secret).generate(seconds).decode()


def matching_counter(secret: str, code: str, *, seconds: float, used: int) -> int | None:
    """Return the time step that `code` belongs to, or None when it is wrong, too old, or not newer than step `used`."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdigit():
        return None
    now = int(seconds) // STEP_SECONDS
    for counter in (now, now - 1, now + 1):
        if counter > used and _is_code_at(secret, typed, counter):
            return counter
    return None


def address(secret: str, *, label: str, issuer: str) -> str:
    """Return the otpauth address that a QR code carries."""
    parameters = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{label}')}?{parameters}"


def _is_code_at(secret: str, code: str, counter: int) -> bool:
    try:
        _totp(secret).verify(code.encode(), counter * STEP_SECONDS)
    except InvalidToken:
        return False
    return True


def _totp(secret: str) -> TOTP:
    # Shorter keys than the library asks for, because a secret that was given at the command line may have 80 bits.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS, enforce_key_length=False)
