"""Which video an address of YouTube names.

People paste what stands in their browser: the page of a video, its short address, a Short, a live stream or an embedded player, from the site
itself, its phone site or its privacy host. The id of a video has eleven signs. Whatever else it is (another site, a channel, a list) names none:
nothing is guessed, because a wrong video in a session is worse than a question.
docs/rules/video-address.md has a worked table.
"""

import re
from urllib.parse import parse_qs, urlsplit

HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "www.youtube-nocookie.com"})
SHORT_HOST = "youtu.be"
PATHS = ("shorts", "live", "embed")
ID = re.compile(r"[A-Za-z0-9_-]{11}")


def video_in(address: str) -> str | None:
    """The id of the video; None where the address names none."""
    try:
        url = urlsplit(address.strip())
        host = (url.hostname or "").lower()
    except ValueError:
        return None
    if url.scheme not in ("http", "https"):
        return None
    first, _, rest = url.path.strip("/").partition("/")
    if host == SHORT_HOST:
        found = first
    elif host in HOSTS and first == "watch":
        found = parse_qs(url.query).get("v", [""])[0]
    elif host in HOSTS and first in PATHS:
        found = rest.partition("/")[0]
    else:
        return None
    return found if ID.fullmatch(found) else None
