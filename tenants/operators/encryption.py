"""Secrets that must be read again, encrypted by a key derived from SECRET_KEY."""

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(text: str) -> str:
    return _key().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Return the text; raises `cryptography.fernet.InvalidToken` when SECRET_KEY is another one than at encryption."""
    return _key().decrypt(encrypted.encode()).decode()


def _key() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"operator authenticator secrets")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
