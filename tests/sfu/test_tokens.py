import base64
import hashlib
import hmac
import json

import pytest

from sessions_live.sfu import tokens
from sessions_live.sfu.errors import PeerError

SECRET = "s" * 32
NOW = 1_800_000_000.0


def token(**changes):
    given = {"room": "r1", "peer": "p1", "rights": frozenset({"audio", "subscribe"}), "now": NOW} | changes
    return tokens.peer_token(secret=changes.pop("secret", SECRET), **{k: v for k, v in given.items() if k != "secret"})


def refused(text, *, now=NOW, aud="peer", secret=SECRET):
    with pytest.raises(PeerError) as caught:
        tokens.verify(secret, text, now=now, aud=aud)
    return caught.value.code


def test_token_good_says_what_was_signed():
    claims = tokens.verify(SECRET, token(), now=NOW + 30, aud="peer")
    assert (claims.room, claims.peer, claims.rights) == ("r1", "p1", {"audio", "subscribe"})


def test_token_expired_is_told_apart():
    assert refused(token(), now=NOW + 66) == "token_expired"
    tokens.verify(SECRET, token(), now=NOW + 64, aud="peer")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1",
        "v1..",
        "v1.e30.x",
        "v2." + "a" * 40,
        "ü.ü.ü",
        token()[:-1],
        token() + "A",
        token(secret="t" * 32),
        "." * 99,
    ],
)
def test_token_altered_or_foreign_is_invalid(text):
    assert refused(text) == "token_invalid"


def test_token_with_payload_changed_is_invalid():
    version, payload, signature = token().split(".")
    other = token(room="r2").split(".")[1]
    assert payload != other
    assert refused(f"{version}.{other}.{signature}") == "token_invalid"


def with_claims(**odd):
    """A token whose signature is right and whose payload is not what `sign` would write."""
    payload = json.loads(base64.urlsafe_b64decode(token().split(".")[1] + "=="))
    text = "v1." + base64.urlsafe_b64encode(json.dumps(payload | odd).encode()).rstrip(b"=").decode()
    signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@pytest.mark.parametrize("aud", ["peer", "control"])
@pytest.mark.parametrize(
    "odd",
    [
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": ["a"]},
        {"room": None},
        {"peer": None},
        {"rights": "audio"},
        {"rights": [None]},
        {"rights": {"audio": 1}},
        {"exp": None},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"iat": float("-inf")},
        {"iat": str(NOW)},
    ],
    ids=str,
)
def test_token_signed_but_with_claims_of_another_type_is_invalid(odd, aud):
    assert refused(with_claims(aud=aud, **odd), aud=aud) == "token_invalid"
    assert tokens.verify(SECRET, with_claims(aud=aud), now=NOW, aud=aud).room == "r1"


def test_token_of_another_audience_is_invalid():
    assert refused(token(), aud="control") == "token_invalid"
    assert refused(tokens.control_token(secret=SECRET, now=NOW)) == "token_invalid"


def test_token_from_a_clock_an_hour_ahead_is_invalid():
    assert refused(token(now=NOW + 3600)) == "token_invalid"
    assert refused(token(now=NOW - 3600)) == "token_expired"


def test_token_replayed_is_refused():
    used = tokens.UsedTokens()
    claims = tokens.verify(SECRET, token(), now=NOW, aud="peer")
    used.spend(claims, now=NOW)
    with pytest.raises(PeerError, match="token_used"):
        used.spend(claims, now=NOW + 1)


def test_token_made_before_a_revocation_is_refused():
    used = tokens.UsedTokens()
    used.revoke("r1", "p1", now=NOW + 1)
    with pytest.raises(PeerError, match="revoked"):
        used.spend(tokens.verify(SECRET, token(), now=NOW + 1, aud="peer"), now=NOW + 1)
    used.spend(tokens.verify(SECRET, token(peer="p2"), now=NOW + 1, aud="peer"), now=NOW + 1)
    used.spend(tokens.verify(SECRET, token(now=NOW + 3), now=NOW + 3, aud="peer"), now=NOW + 3)


def test_signing_out_of_bounds_is_refused():
    with pytest.raises(ValueError, match="32 characters"):
        token(secret="short")
    with pytest.raises(ValueError, match="at most"):
        token(lifetime=301)
    with pytest.raises(ValueError, match="rights"):
        token(rights=frozenset({"everything"}))
    assert (
        refused(tokens.sign(SECRET, tokens.Claims(aud="peer", room="r 1", peer="p", iat=NOW, exp=NOW + 9)))
        == "token_invalid"
    )
