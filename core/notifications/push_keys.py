"""The key pair by which an organization signs its push messages (VAPID, RFC 8292). A device takes messages of the one it was subscribed with."""

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.db import transaction

from core.kernel import encrypted_columns, encryption
from core.notifications.models import NotificationSettings

PURPOSE = "push key"


@transaction.atomic
def public_key() -> str:
    """As browsers take it: an uncompressed point, base64url without padding. Made at the first call."""
    known = NotificationSettings.current().push_public_key
    if known:
        return known
    NotificationSettings.objects.get_or_create(is_current=True)
    row = NotificationSettings.objects.select_for_update().get(is_current=True)
    if not row.push_public_key:
        made = ec.generate_private_key(ec.SECP256R1())
        point = made.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        row.push_public_key = urlsafe_b64encode(point).rstrip(b"=").decode()
        row.push_private_key = encryption.encrypt(pem, purpose=PURPOSE)
        row.save(update_fields=["push_public_key", "push_private_key"])
    return row.push_public_key


def private_key() -> ec.EllipticCurvePrivateKey:
    """To sign with. `encryption.InvalidToken` when its key is not known any more."""
    public_key()
    pem = encryption.decrypt(NotificationSettings.current().push_private_key, purpose=PURPOSE)
    found = load_pem_private_key(pem.encode(), None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


encrypted_columns.register(NotificationSettings, "push_private_key", purpose=PURPOSE)
