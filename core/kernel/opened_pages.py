"""Whether somebody opens an address to read it, or a program asks for it: a script, a part of a page, a socket, a frame, a look ahead.

What is said once, or asked first, belongs on a page that somebody reads; in any other answer nobody would.
"""

from django.http import HttpRequest

# A service worker hands a page's request on as "empty"; in a frame it is a picture of a page.
_READ = ("document", "empty")


def is_opened(request: HttpRequest) -> bool:
    """Whether a person will read the answer as a page. Browsers say so over TLS and on localhost; what says nothing is believed to be one."""
    headers = request.headers
    return (
        request.method != "HEAD"
        and "HX-Request" not in headers
        and headers.get("Upgrade", "").lower() != "websocket"
        and headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and headers.get("Sec-Fetch-Dest", "document") in _READ
        and "prefetch" not in headers.get("Sec-Purpose", "")
    )
