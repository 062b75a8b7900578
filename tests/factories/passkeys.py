"""A passkey in software: made for one host, and used there as a browser would."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class Passkey:
    """Its key, and the host that it belongs to."""

    host: str
    key: ec.EllipticCurvePrivateKey
    identifier: bytes
    authenticator: Authenticator

    def answer(self, options: dict[str, Any]) -> str:
        """What the browser sends when this passkey is used for these options."""
        said = CollectedClientData.create("webauthn.get", options["publicKey"]["challenge"], f"http://{self.host}")
        facts = AuthenticatorData.create(_digest(self.host), PRESENT_AND_VERIFIED, 1)
        signature = self.key.sign(bytes(facts) + said.hash, ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": said, "authenticatorData": facts, "signature": signature}
        return json.dumps(_credential(self.identifier, response))


def add_passkey(user: Any, host: str, *, name: str = "Key") -> Passkey:
    """Give somebody a passkey that was made at this host."""
    key, identifier = ec.generate_private_key(ec.SECP256R1()), hashlib.sha256(f"{user.pk}{host}".encode()).digest()
    kept = AttestedCredentialData.create(Aaguid.NONE, identifier, ES256.from_cryptography_key(key.public_key()))
    facts = AuthenticatorData.create(_digest(host), PRESENT_AND_VERIFIED | AuthenticatorData.FLAG.AT, 0, bytes(kept))
    said = CollectedClientData.create("webauthn.create", b"once", f"http://{host}")
    response = {"clientDataJSON": said, "attestationObject": AttestationObject.create("none", facts, {})}
    made = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": name, "credential": _credential(identifier, response)}
    )
    return Passkey(host, key, identifier, made)


def _digest(host: str) -> bytes:
    return hashlib.sha256(host.encode()).digest()


def _credential(identifier: bytes, response: dict[str, bytes]) -> dict[str, Any]:
    text = websafe_encode(identifier)
    return {
        "id": text, "rawId": text, "type": "public-key", "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {name: websafe_encode(bytes(value)) for name, value in response.items()},
    }  # fmt: skip
