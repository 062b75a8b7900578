"""Texts at rest that must be read again, encrypted by a key for each purpose, derived from SECRET_KEY.

After SECRET_KEY was changed, what was written with an older one is read as long as that one stands in SECRET_KEY_FALLBACKS. `encrypted_columns`
has the columns, so that they can be encrypted anew.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "decrypt", "encrypt", "encrypt_anew"]


def encrypt(text: str, *, purpose: str) -> str:
    return _keys(purpose).encrypt(text.encode()).decode()


def decrypt(encrypted: str, *, purpose: str) -> str:
    """Return the text; raises `cryptography.fernet.InvalidToken` when its key is not known any more."""
    return _keys(purpose).decrypt(encrypted.encode()).decode()


def encrypt_anew(encrypted: str, *, purpose: str) -> str:
    """The same text encrypted with SECRET_KEY; unchanged where it is already. Raises `InvalidToken` as `decrypt`."""
    try:
        _key(settings.SECRET_KEY, purpose).decrypt(encrypted.encode())
    except InvalidToken:
        return _keys(purpose).rotate(encrypted.encode()).decode()
    return encrypted


def _keys(purpose: str) -> MultiFernet:
    return MultiFernet([_key(secret, purpose) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
