"""What is fetched from addresses that people have typed: never from a private network, never for long, never much.

A host name is looked up once, and the connection goes to the addresses that were looked at, so that a name which answers otherwise a moment later
(DNS rebinding) leads nowhere. Each redirect is looked at likewise. A password goes to the server that it was given for, and over TLS only: wherever
a redirect or a link in an answer leads, another scheme, host or port gets none.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

REDIRECTS = 4
NAT64 = IPv6Network("64:ff9b::/96")
MOVED = (301, 302, 303, 307, 308)
Resolve = Callable[[str, int], Sequence[str]]


class Trouble(StrEnum):
    """Why nothing came."""

    ADDRESS = "address"  # it cannot be asked at all
    UNKNOWN_HOST = "unknown_host"
    PRIVATE = "private"
    SLOW = "slow"
    TOO_MUCH = "too_much"
    CERTIFICATE = "certificate"
    REFUSED = "refused"
    REDIRECTS = "redirects"


class Unreachable(OSError):
    """Nothing came; `trouble` says why, `host` whence."""

    def __init__(self, trouble: Trouble, host: str) -> None:
        super().__init__(f"{trouble.value}: {host}")
        self.trouble, self.host = trouble, host


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and from where in the end. Header names in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str


class Budget:
    """How many bytes may come, and until when, counted from now on: of all requests together that are given the same one."""

    def __init__(self, *, most_bytes: int = 1_000_000, seconds: float = 10) -> None:
        self.bytes_left = most_bytes
        self.ends_at = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        return self.ends_at - time.monotonic()


@dataclass(frozen=True)
class Request:
    """What is asked, and how much may come of it. `replace(request, url=…)` asks further on the same budget.

    `authorization` goes to the server of `secret_of` only, which is the address that was asked first.
    """

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    authorization: str = ""
    secret_of: str = ""
    budget: Budget = field(default_factory=Budget)
    allows_private: bool = False
    follows: bool = True  # where an answer leads elsewhere

    def __post_init__(self) -> None:
        if not self.secret_of:
            object.__setattr__(self, "secret_of", self.url)


def is_public(address: str) -> bool:
    """Whether an address is one of the internet: neither ours, nor of a network that only machines beside us reach."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in NAT64:
            inner = IPv4Address(int(found) & 0xFFFF_FFFF)
        found = inner or found
    return found.is_global and not found.is_multicast


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host name. OSError or UnicodeError when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(request: Request, *, resolve: Resolve = look_up) -> Answer:
    """Ask, and go where it leads. Raises `Unreachable`."""
    url = request.url
    for _ in range(REDIRECTS):
        answer = _ask(request, _parts(url), url, resolve=resolve)
        further = answer.headers.get("location") if request.follows and answer.status in MOVED else None
        if not further:
            return answer
        url = join(url, further)
    raise Unreachable(Trouble.REDIRECTS, _parts(request.url).hostname or "")


def join(url: str, further: str) -> str:
    """Where an answer from `url` leads. Raises `Unreachable` for what is no address at all."""
    try:
        return urljoin(url, further)
    except ValueError as error:
        raise Unreachable(Trouble.ADDRESS, _parts(url).hostname or "") from error


def is_same_server(url: str, other: str) -> bool:
    """Whether scheme, host and port are the same. Raises `Unreachable` for what nobody may ask."""
    return _server(_parts(url)) == _server(_parts(other))


def _server(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _parts(url: str) -> SplitResult:
    """What the address is made of. Raises `Unreachable` for one that nobody may ask."""
    try:
        parts = urlsplit(url)
        scheme, host, port = _server(parts)
    except ValueError as error:
        raise Unreachable(Trouble.ADDRESS, "") from error
    is_web = scheme in ("http", "https") and bool(host) and not (parts.username or parts.password)
    if not is_web or (port < 1024 and port not in (80, 443)) or any(ord(letter) <= 32 for letter in url):
        raise Unreachable(Trouble.ADDRESS, host if host.isprintable() else "")
    return parts


def _ask(request: Request, parts: SplitResult, url: str, *, resolve: Resolve) -> Answer:
    (scheme, host, port), budget = _server(parts), request.budget
    addresses = _looked_at(request, host, port, resolve=resolve)
    headers = {"Accept-Encoding": "identity", "Connection": "close", **request.headers}
    if request.authorization and is_same_server(url, request.secret_of):
        if scheme != "https" and not request.allows_private:
            raise Unreachable(Trouble.CERTIFICATE, host)
        headers["Authorization"] = request.authorization
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _in_words(host), _line_to(parts, host, port, addresses, budget) as line:
        line.request(request.method, _ascii(target), body=request.body or None, headers=headers)
        with closing(line.getresponse()) as answer:  # because one that is not read to its end keeps the line
            content = answer.read(budget.bytes_left + 1)
        if len(content) > budget.bytes_left:
            raise Unreachable(Trouble.TOO_MUCH, host)
        budget.bytes_left -= len(content)
        if budget.seconds_left < 0:
            raise TimeoutError
        if answer.length:  # because less than was promised is no error to the client when so much was not asked for
            raise http.client.IncompleteRead(content, answer.length)
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content, url)


def _looked_at(request: Request, host: str, port: int, *, resolve: Resolve) -> Sequence[str]:
    """The addresses of the host, all of them public. A name server that does not answer is not waited for longer than anything else."""
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        found = pool.submit(resolve, host, port).result(timeout=max(0.1, request.budget.seconds_left))
    except TookTooLong as error:
        raise Unreachable(Trouble.SLOW, host) from error
    except (OSError, UnicodeError) as error:
        raise Unreachable(Trouble.UNKNOWN_HOST, host) from error
    finally:
        pool.shutdown(wait=False)
    if not found:
        raise Unreachable(Trouble.UNKNOWN_HOST, host)
    if not request.allows_private and not all(is_public(address) for address in found):
        raise Unreachable(Trouble.PRIVATE, host)
    return found


@contextmanager
def _line_to(
    parts: SplitResult, host: str, port: int, addresses: Sequence[str], budget: Budget
) -> Iterator[http.client.HTTPConnection]:
    """A connection to one of these addresses, which is cut when the time is over: whoever says a letter now and then holds nobody longer."""
    if (left := budget.seconds_left) <= 0:
        raise TimeoutError
    connected = _connected(addresses, port, left)
    watched = connected.dup()  # because TLS takes the first descriptor over
    cut_off = Timer(max(0.1, budget.seconds_left), _cut, [watched])
    cut_off.daemon = True
    cut_off.start()
    line = http.client.HTTPConnection(host, port)
    line.default_port = 443 if parts.scheme == "https" else 80  # what need not be said
    try:
        if parts.scheme == "https":
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        line.sock = connected
        yield line
    except (OSError, http.client.HTTPException) as error:
        if budget.seconds_left <= 0:
            raise TimeoutError from error
        raise
    finally:
        cut_off.cancel()
        watched.close()
        line.close()
        connected.close()


def _connected(addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
    refused: OSError = OSError("no address")
    for address in addresses:
        try:
            made = socket.create_connection((address, port), seconds / len(addresses))
        except OSError as error:
            refused = error
            continue
        made.settimeout(seconds)
        return made
    raise refused


def _cut(watched: socket.socket) -> None:
    with suppress(OSError):
        watched.shutdown(socket.SHUT_RDWR)


@contextmanager
def _in_words(host: str) -> Iterator[None]:
    """Turn what a connection raises into `Unreachable`."""
    try:
        yield
    except Unreachable:
        raise
    except TimeoutError as error:
        raise Unreachable(Trouble.SLOW, host) from error
    except ssl.SSLError as error:
        raise Unreachable(Trouble.CERTIFICATE, host) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(Trouble.REFUSED, host) from error


def _ascii(target: str) -> str:
    """The path as it goes over the line; letters beyond ASCII are refused by the client, so they are written as per cents."""
    return "".join(each if each.isascii() else "".join(f"%{byte:02X}" for byte in each.encode()) for each in target)
