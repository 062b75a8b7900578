"""The files for the real thing, checked as far as a machine without containers can: by Caddy itself, and by reading."""

from __future__ import annotations

import ast
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
import yaml

from tenants.bodies import BoundedBodies
from tests.local import caddy
from tests.local.caddy import CADDY, OPERATOR, ask, wait_for_certificate

ROOT = Path(__file__).parents[2]
CONTAINERS = ROOT / "deploy" / "containers"
PERMITTED, OTHER = "north.localhost", "south.localhost"


class Application(BaseHTTPRequestHandler):
    """Stands in for the web process: answers Caddy's question and echoes what reached it."""

    def do_GET(self):
        asks = self.path.startswith("/.well-known/tls-permission?domain=")
        if asks:
            self.send_response(200 if self.path.endswith((f"domain={PERMITTED}", f"domain={OTHER}")) else 404)
            self.end_headers()
            return
        self.send_response(502 if self.path == "/broken" else 200)
        self.send_header("X-Powered-By", "something")
        self.end_headers()
        self.wfile.write(str(self.headers).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def application():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def front_door(application, tmp_path):
    """Caddy with the stand-in behind it."""
    with caddy.front_door(f"127.0.0.1:{application.server_port}", tmp_path) as door:
        yield door.https, door.http


def test_caddy_accepts_its_file_as_it_stands(tmp_path):
    for extra in ({}, {"TLS_ISSUER": "local_certs", "OPERATOR_HOST": "console.example.net"}):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **extra}
        command = [CADDY, "validate", "--adapter", "caddyfile", "--config", CONTAINERS / "Caddyfile"]
        checked = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
    formatted = subprocess.run([CADDY, "fmt", CONTAINERS / "Caddyfile"], capture_output=True, text=True).stdout
    assert formatted == (CONTAINERS / "Caddyfile").read_text()


def test_host_of_an_organization_gets_a_certificate_and_the_page(front_door):
    status, headers, body = ask(front_door[0], PERMITTED, **{"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=evil"})
    assert status == 200 and f"Host: {PERMITTED}" in body
    assert "X-Forwarded-For: 127.0.0.1" in body and "203.0.113.9" not in body and "evil" not in body
    assert "X-Forwarded-Proto: https" in body
    assert not {"Server", "Via", "X-Powered-By"} & set(headers)


def test_host_of_nobody_gets_no_certificate(front_door):
    with pytest.raises(ssl.SSLError):
        ask(front_door[0], "stranger.localhost")


def test_no_certificate_is_given_while_the_application_is_away(front_door, application):
    application.shutdown()
    application.server_close()
    with pytest.raises(ssl.SSLError):
        ask(front_door[0], PERMITTED)


def test_application_that_is_away_gives_a_neutral_page(front_door, application):
    assert ask(front_door[0], PERMITTED)[0] == 200
    application.shutdown()
    application.server_close()
    status, headers, body = ask(front_door[0], PERMITTED)
    assert status == 502 and "cannot be shown right now" in body
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert not re.search("caddy|colonnade", f"{headers}{body}", re.IGNORECASE)


def test_addresses_of_the_house_are_not_served_to_the_street(front_door):
    assert ask(front_door[0], PERMITTED, f"/.well-known/tls-permission?domain={PERMITTED}")[0] == 404
    assert ask(front_door[0], PERMITTED, "/metrics")[0] == 404


def test_operator_console_is_closed_to_other_networks(front_door):
    assert ask(front_door[0], OPERATOR)[0] == 404
    assert ask(front_door[0], OPERATOR, "/hooks/payments/")[0] == 200


def test_plain_http_leads_to_https(front_door):
    connection = HTTPConnection("127.0.0.1", front_door[1])
    connection.request("GET", "/page?x=1", headers={"Host": PERMITTED})
    answer = connection.getresponse()
    assert answer.status in (301, 308)
    assert answer.getheader("Location").startswith(f"https://{PERMITTED}") and answer.getheader("Location").endswith(
        "/page?x=1"
    )

    assert not {"Server", "Via", "X-Powered-By"} & set(dict(answer.getheaders()))


@pytest.mark.parametrize(
    ("named", "host"), [(PERMITTED, OTHER), (PERMITTED, OPERATOR), (PERMITTED, "stranger.localhost")]
)
def test_connection_opened_for_one_host_serves_no_other(front_door, named, host):
    status, headers, body = ask(front_door[0], host, named=named)
    assert status == 421 and "X-Forwarded" not in body
    assert not {"Server", "Via"} & set(headers)


@pytest.mark.parametrize("host", [PERMITTED.upper(), f"{PERMITTED}:443"])
def test_same_host_written_otherwise_is_no_other(front_door, host):
    assert ask(front_door[0], host, named=PERMITTED)[0] == 200


class Pages:
    """Stands in for Django behind the bounds: reads everything."""

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return
        while (message := await receive()).get("more_body"):
            pass
        if message["type"] == "http.disconnect":
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def application_server(north):
    """The product's own server, with its own bounds."""
    server = uvicorn.Server(uvicorn.Config(BoundedBodies(Pages()), port=0, lifespan="off", log_level="warning"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield f"127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def post(https, host, size, *, chunked=False):
    """Send a body over TLS as long as anybody listens; the first line of the answer, and the rest."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", https), timeout=30)
    piece, answer = b"x" * 65_536, b""
    framed = b"10000\r\n" + piece + b"\r\n" if chunked else piece
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    with context.wrap_socket(plain, server_hostname=host) as connection:
        connection.sendall(f"POST /account/login/ HTTP/1.1\r\nHost: {host}\r\n{length}\r\n\r\n".encode())
        with suppress(OSError):  # because whoever has answered need not listen any more
            for _ in range(size // len(piece)):
                connection.sendall(framed)
            connection.sendall(b"0\r\n\r\n" if chunked else b"")
        with suppress(OSError):
            while not is_whole(answer) and (more := connection.recv(4096)):
                answer += more
    head, _, rest = answer.decode().partition("\r\n")
    return head, rest


def is_whole(answer: bytes) -> bool:
    """Whether all of it is there; the connection may stay open for another request."""
    head, ended, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)^content-length: (\d+)", head, re.MULTILINE)
    return bool(ended and length) and len(body) >= int(length[1])


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in pieces"])
@pytest.mark.parametrize("megabytes", [1, 32])
def test_big_body_of_a_stranger_is_answered_413_through_the_proxy(application_server, tmp_path, megabytes, chunked):
    """Never 502: what the proxy has still to send must not cost it the answer. Five times, because it is a race."""
    with caddy.front_door(application_server, tmp_path) as door:
        https = door.https
        wait_for_certificate(https, "north.test")
        for _ in range(5):
            head, rest = post(https, "north.test", megabytes * 1024 * 1024, chunked=chunked)
            assert head.startswith("HTTP/1.1 413"), head
            assert "too large" in rest


def test_small_body_of_a_stranger_comes_through_the_proxy(application_server, tmp_path):
    with caddy.front_door(application_server, tmp_path) as door:
        https = door.https
        wait_for_certificate(https, "north.test")
        assert post(https, "north.test", 65_536)[0].startswith("HTTP/1.1 200")


def compose():
    return yaml.safe_load((CONTAINERS / "compose.yaml").read_text())


def documented():
    """Names in .env.example, each with its comment above it."""
    return set(re.findall(r"^([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def variables_read(path):
    """Names that one module asks of the environment: by the strict readers, by os.environ, or by an `environ` it got."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ" and is_name(node.slice):
            yield node.slice.value
        if isinstance(node, ast.Call):
            strict = re.fullmatch(r"(env\.)?(text|flag|number|words|url|address|database)", ast.unparse(node.func))
            handed = any(ast.unparse(part) in ("environ", "os.environ") for part in node.args)
            direct = re.search(r"environ\.get$|getenv$", ast.unparse(node.func))
            named = node.args if handed else node.args[:1] if strict or direct else []
            yield from (part.value for part in named if is_name(part))


def is_name(node):
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(re.fullmatch(r"[A-Z][A-Z0-9_]+", node.value))
    )


def product_modules():
    """Every module that runs in production."""
    apps = ("tenants", "branding", "core", "billing", "sessions_live", "portal", "themes", "deploy")
    for app in apps:
        for path in (ROOT / app).rglob("*.py"):
            if not {"local", "bench"} & set(path.relative_to(ROOT).parts) and path.name != "test.py":
                yield path


def test_every_variable_that_is_read_is_explained_in_the_example():
    read = {name for path in product_modules() for name in variables_read(path)} - {"DJANGO_SETTINGS_MODULE"}
    assert {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "MEDIA_SECRET"} <= read
    assert read <= documented(), f"missing in .env.example: {sorted(read - documented())}"


def test_every_variable_of_the_example_is_read_by_something():
    used = {name for path in product_modules() for name in variables_read(path)}
    used |= set(re.findall(r"\$\{([A-Z_]+)", (CONTAINERS / "compose.yaml").read_text()))
    assert documented() <= used, f"read by nothing: {sorted(documented() - used)}"


def test_every_copied_source_exists():
    for line in (CONTAINERS / "Containerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from=" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), f"Containerfile copies {source}, which does not exist"


def test_image_holds_every_app_and_no_tool_of_the_workshop():
    recipe = (CONTAINERS / "Containerfile").read_text()
    final = recipe[recipe.rindex("\nFROM ") :]
    copied = set(re.findall(r"^COPY (\w+) \1$", final, re.MULTILINE))
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"deploy", "tests"}
    assert copied == apps
    assert "deploy/local" not in final and "development.txt" not in recipe
    assert "\nUSER app\n" in final and "--require-hashes" in recipe


def test_compose_runs_every_program_of_the_demo_and_the_servers_under_them():
    services = compose()["services"]
    assert {"postgres", "valkey", "caddy", "web", "outbox", "worker", "beat", "media", "coturn"} <= set(services)
    for name in ("web", "outbox", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert services[name]["read_only"] and services[name]["cap_drop"] == ["ALL"]


def test_compose_opens_only_the_front_door_and_the_media_port():
    opened = {name: service["ports"] for name, service in compose()["services"].items() if "ports" in service}
    assert opened == {"caddy": ["80:80", "443:443", "443:443/udp"], "media": ["10000:10000/udp"]}


def test_compose_names_only_known_networks_volumes_and_files():
    whole = compose()
    for service in whole["services"].values():
        assert set(service.get("networks", [])) <= set(whole["networks"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in whole["volumes"] or (CONTAINERS / source).exists(), source


def test_commands_of_compose_exist():
    for service in compose()["services"].values():
        for command in re.findall(r"manage\.py,? (\w+)", " ".join(service.get("command", []))):
            assert list(ROOT.glob(f"*/**/management/commands/{command}.py")), command


def test_compose_is_accepted_by_docker_itself(tmp_path):
    if not shutil.which("docker") or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not installed here; the file is read as YAML above")
    filled = tmp_path / "env"
    filled.write_text((ROOT / ".env.example").read_text() + "TURN_SECRET=x\n")
    command = ["docker", "compose", "--env-file", filled, "-f", CONTAINERS / "compose.yaml", "config", "--quiet"]
    checked = subprocess.run(command, capture_output=True, text=True, env={**os.environ})
    assert checked.returncode == 0, checked.stderr
