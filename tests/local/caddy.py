"""The real proxy with the real file, on free ports, in front of whatever stands behind it; and asking it over TLS."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path

CADDY = Path(sys.executable).with_name("caddy")
CADDYFILE = Path(__file__).parents[2] / "deploy" / "containers" / "Caddyfile"
OPERATOR = "operator.localhost"


@dataclass(frozen=True)
class FrontDoor:
    """Where it answers, and where it keeps what it makes."""

    https: int
    http: int
    home: Path

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "caddy"

    @property
    def own_authority(self) -> Path:
        """The certificate of its internal authority."""
        return self.data / "pki" / "authorities" / "local" / "root.crt"

    def certificates(self) -> set[str]:
        """The hosts for which it has a certificate."""
        return {path.stem for path in (self.data / "certificates").rglob("*.crt")}


@contextmanager
def front_door(
    upstream: str,
    home: Path,
    *,
    https: int = 0,
    http: int = 0,
    issuer: str = "local_certs",
    operators: str = "192.0.2.0/24",
    **more: str,
) -> Iterator[FrontDoor]:
    """Caddy before `upstream`, asking it for permission; its own authority unless `issuer` says otherwise.

    `operators`: where they work; `more`: further variables of its file.
    """
    door = FrontDoor(https or free_port(), http or free_port(), home)
    environment = {
        "HOME": str(home), "PATH": "/usr/bin:/bin", "TLS_ISSUER": issuer, "UPSTREAM": upstream,
        "ASK_URL": f"http://{upstream}/.well-known/tls-permission", "HTTPS_PORT": str(door.https), "HTTP_PORT": str(door.http),
        "OPERATOR_HOST": OPERATOR, "OPERATOR_NETWORKS": operators, "PROXY_PAGES": str(home / "proxy-pages"), **more,
    }  # fmt: skip
    command = [CADDY, "run", "--adapter", "caddyfile", "--config", CADDYFILE]
    with (home / "caddy.log").open("wb") as log, subprocess.Popen(command, env=environment, stderr=log) as caddy:
        try:
            wait_for_certificate(door.https, OPERATOR)
            yield door
        finally:
            caddy.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_certificate(https, host):
    """Caddy opens its port before it has made the certificate of the one host that it knows by name, and until then refuses that host."""
    until = time.monotonic() + 60
    while True:
        try:
            return ask(https, host)
        except (ConnectionError, ssl.SSLError):
            assert time.monotonic() < until, f"no certificate for {host}"
            time.sleep(0.05)


def ask(https, host, path="/", *, named=None, method="GET", **headers):
    """One request over TLS, opened for `named`; the certificate is Caddy's own, so only the name in it matters here."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", https), timeout=15)
    connection = HTTPSConnection(host, https)
    connection.sock = context.wrap_socket(plain, server_hostname=named or host)
    connection.request(method, path, headers={"Host": host, **headers})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()
