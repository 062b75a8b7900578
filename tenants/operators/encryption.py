"""Operators' secrets, encrypted at rest."""

from core.kernel import encryption

PURPOSE = "operator authenticator secrets"


def encrypt(text: str) -> str:
    return encryption.encrypt(text, purpose=PURPOSE)


def decrypt(encrypted: str) -> str:
    """Return the text; raises `cryptography.fernet.InvalidToken` when its key is not known any more."""
    return encryption.decrypt(encrypted, purpose=PURPOSE)
