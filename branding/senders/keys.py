"""Keys that sign mail: 2048 bits of RSA, because every receiver reads them; the private half is kept encrypted and decrypted for each mail."""

import base64
import secrets

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from branding.senders.models import Sender, SigningKey
from core.kernel import clock, encrypted_columns, encryption

BITS = 2048
PURPOSE = "keys that sign mail"
PASSWORD_PURPOSE = "passwords of mail servers"
SLOTS = ("1", "2")


def new_selector() -> str:
    """The common part of an organization's two selectors: it says nothing of whose it is."""
    return f"k{secrets.token_hex(3)}"


def make_pair() -> list[SigningKey]:
    """The two keys with which an organization begins: one signs, one waits. Saved; what is there stays."""
    known = list(SigningKey.objects.all())
    if known:
        return known
    selector = new_selector()
    states = (SigningKey.State.ACTIVE, SigningKey.State.WAITING)
    return [_made(f"{selector}{slot}", state) for slot, state in zip(SLOTS, states, strict=True)]


def renew(key: SigningKey) -> None:
    """Put a fresh key under the selector of one that is not used any more."""
    fresh = _fresh()
    key.public_key, key.private_key = fresh
    key.state, key.changed_at = SigningKey.State.WAITING, clock.now()
    key.save()


def private_key(key: SigningKey) -> bytes:
    """The private half, as PEM."""
    return encryption.decrypt(key.private_key, purpose=PURPOSE).encode()


def record_of(key: SigningKey) -> str:
    """The text under the selector."""
    return f"v=DKIM1; k=rsa; p={key.public_key}"


def _made(selector: str, state: str) -> SigningKey:
    public, private = _fresh()
    return SigningKey.objects.create(
        selector=selector, public_key=public, private_key=private, state=state, changed_at=clock.now()
    )


def _fresh() -> tuple[str, str]:
    made = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    public = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    private = made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    return base64.b64encode(public).decode(), encryption.encrypt(private, purpose=PURPOSE)


encrypted_columns.register(SigningKey, "private_key", purpose=PURPOSE)
encrypted_columns.register(Sender, "server_password", purpose=PASSWORD_PURPOSE)
