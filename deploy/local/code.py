"""`make code`: the operator's one-time code at this moment, for the demo (RFC 6238)."""

import base64
import hmac
import json
import struct
import sys
import time
from pathlib import Path


def code(secret: str, seconds: float) -> str:
    """Six digits for a base-32 secret at a moment in seconds since 1970."""
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(seconds) // 30), "sha1")
    start = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


if __name__ == "__main__":
    facts = json.loads(Path(sys.argv[1] if len(sys.argv) > 1 else "var/demo.json").read_text())
    print(code(facts["operator"]["users"][0]["totp_secret"], time.time()))
