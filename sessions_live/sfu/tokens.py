"""Signed, short-lived tokens for one room and one peer (docs/live-protocol.md, section 2). Standard library only."""

import base64
import hashlib
import hmac
import json
import math
import re
import secrets
from dataclasses import dataclass, field

from .errors import ErrorCode, PeerError

RIGHTS = frozenset({"audio", "video", "screen", "subscribe", "data", "record"})
ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
LIFETIME = 60  # seconds
LONGEST = 300
SKEW = 5
MIN_SECRET = 32  # characters


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a token says. Times in seconds since 1970."""

    aud: str
    room: str
    peer: str = ""
    rights: frozenset[str] = frozenset()
    iat: float
    exp: float
    jti: str = field(default_factory=lambda: secrets.token_urlsafe(12))


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _sign(secret: str, text: str) -> str:
    return _b64(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())


def sign(secret: str, claims: Claims) -> str:
    """Return the token text for `claims`. Raises ValueError for a secret that is too short or claims out of bounds."""
    if len(secret) < MIN_SECRET:
        raise ValueError(f"The secret of media tokens needs at least {MIN_SECRET} characters.")
    if claims.exp - claims.iat > LONGEST:
        raise ValueError(f"A media token lives at most {LONGEST} s.")
    if claims.rights - RIGHTS:
        raise ValueError(f"Unknown media rights: {sorted(claims.rights - RIGHTS)}")
    body = {
        "aud": claims.aud,
        "room": claims.room,
        "peer": claims.peer,
        "rights": sorted(claims.rights),
        "iat": int(claims.iat),
        "exp": int(claims.exp),
        "jti": claims.jti,
    }
    text = "v1." + _b64(json.dumps(body, separators=(",", ":")).encode())
    return f"{text}.{_sign(secret, text)}"


def peer_token(
    *, secret: str, room: str, peer: str, rights: frozenset[str], now: float, lifetime: int = LIFETIME
) -> str:
    """Return a token with which one peer may join one room once, good for `lifetime` seconds from `now`."""
    return sign(secret, Claims(aud="peer", room=room, peer=peer, rights=rights, iat=now, exp=now + lifetime))


def control_token(*, secret: str, room: str = "*", now: float, lifetime: int = LIFETIME) -> str:
    """Return a token for a control stream: one room, or `*` for the whole worker."""
    return sign(secret, Claims(aud="control", room=room, iat=now, exp=now + lifetime))


def _text(value: object) -> str:
    """The claim as it is: `null` written as text would be an id that many tokens share."""
    if not isinstance(value, str):
        raise TypeError("a text is something else")
    return value


def _seconds(value: object) -> float:
    """A time as a finite number, because no comparison holds with NaN and such a token would never run out."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("a time is something else")
    return float(value)


def _checked(body: object) -> Claims:
    """Return the claims of a decoded payload; ValueError, KeyError or TypeError if it has another shape."""
    if not isinstance(body, dict):
        raise ValueError("payload is no object")
    rights = body["rights"]
    if not isinstance(rights, list) or not all(isinstance(right, str) for right in rights):
        raise TypeError("rights")
    claims = Claims(
        aud=_text(body["aud"]),
        room=_text(body["room"]),
        peer=_text(body["peer"]),
        rights=frozenset(rights),
        iat=_seconds(body["iat"]),
        exp=_seconds(body["exp"]),
        jti=_text(body["jti"]),
    )
    room_ok = bool(ID.match(claims.room)) or (claims.aud == "control" and claims.room == "*")
    peer_ok = bool(ID.match(claims.peer)) or claims.aud == "control"
    if claims.aud not in ("peer", "control") or not room_ok or not peer_ok or claims.rights - RIGHTS or not claims.jti:
        raise ValueError("claims out of bounds")
    return claims


def verify(secret: str, token: str, *, now: float, aud: str) -> Claims:
    """Return the claims of a good token; raise PeerError(token_invalid | token_expired) otherwise.

    The signature is compared before the payload is read, because an unsigned payload deserves no parser.
    """
    text, _, signature = token.rpartition(".")
    if not text.startswith("v1.") or not hmac.compare_digest(_sign(secret, text).encode(), signature.encode()):
        raise PeerError(ErrorCode.TOKEN_INVALID, "signature")
    raw = text[3:]
    try:
        claims = _checked(json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))))
    except (ValueError, KeyError, TypeError) as error:
        raise PeerError(ErrorCode.TOKEN_INVALID, str(error)) from None
    if claims.aud != aud or claims.exp - claims.iat > LONGEST:
        raise PeerError(ErrorCode.TOKEN_INVALID, "audience or lifetime")
    if claims.iat > now + SKEW:
        raise PeerError(ErrorCode.TOKEN_INVALID, "from the future: the clocks of product and media server differ")
    if claims.exp + SKEW < now:
        raise PeerError(ErrorCode.TOKEN_EXPIRED)
    return claims


class UsedTokens:
    """Remembers accepted tokens until they expire, so that a token is accepted once; also what was revoked when."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._revoked: dict[tuple[str, str], float] = {}

    def spend(self, claims: Claims, *, now: float) -> None:
        """Accept `claims` once; raise PeerError(token_used | token_invalid) for a replay or a revoked peer."""
        if len(self._until) > 1000:
            self._until = {jti: until for jti, until in self._until.items() if until > now}
        if claims.jti in self._until:
            raise PeerError(ErrorCode.TOKEN_USED)
        if claims.iat <= self._revoked.get((claims.room, claims.peer), 0):
            raise PeerError(ErrorCode.TOKEN_INVALID, "revoked")
        self._until[claims.jti] = claims.exp + SKEW

    def revoke(self, room: str, peer: str, *, now: float) -> None:
        """Refuse all tokens for this peer that were made before `now`."""
        horizon = now - LONGEST - SKEW
        self._revoked = {key: at for key, at in self._revoked.items() if at > horizon}
        self._revoked[room, peer] = now
