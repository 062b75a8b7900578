"""What 2,000 open pages cost: `sockets_2000`, a part of `deploy.bench.media`; by itself `python -m deploy.bench.sockets`.

The product's own process (uvicorn) with its own PostgreSQL and Valkey. Many people of one organization open their pages at the same moment;
each hears a piece of news; then all lines break at once, and what the cache server still believes of them is counted.
"""

import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from websockets.asyncio.client import ClientConnection, connect

from deploy.bench.media_load import VAR, Figures
from deploy.bench.tenancy import servers

HOST = "sockets.test"
PAGES = 10  # of each person
PATIENCE = 120.0  # seconds
SETUP = """
import django; django.setup()
import json, sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from core.kernel import clock
from core.people.models import User
from core.people.sessions import SessionStore
from tenants.provisioning import provision_organization
from tenants.context import organization_context
organization = provision_organization(
    name="Sockets", slug="sockets", host=sys.argv[1], plan="enterprise", blueprint="clinic",
    owner_email="owner@example.test", owner_name="Owner", by="Bench", time_zone="UTC", currency="EUR", country="DE", languages=["en"],
)
keys = []
with organization_context(organization):
    for number in range(int(sys.argv[2])):
        user = User.objects.create(email=f"p{number}@example.test", name=f"Person {number}", time_zone="UTC", password="!")
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.create()
        keys.append(session.session_key)
print(json.dumps({"cookie": settings.SESSION_COOKIE_NAME, "keys": keys}))
"""
TELL = """
import django; django.setup()
import sys
from core.notifications import notices
from core.people.models import User
from tenants import hosts
from tenants.context import organization_context
with organization_context(hosts.find_organization(sys.argv[1])):
    for pk in User.objects.values_list("pk", flat=True):
        notices.send_to_pages(pk, {"kind": "bench", "title": "News", "body": "", "path": ""})
"""


def measure(count: int = 2000) -> Figures:
    """Open `count` sockets at once. Returns how many were, how long it took, kB each, how many heard, and what was left of them."""
    _allow_files(2 * count + 200)
    with servers((VAR / "work-sockets").absolute()):
        made = json.loads(_django(SETUP, HOST, str(-(-count // PAGES))).splitlines()[-1])
        with _web() as (process, port):
            return asyncio.run(_pages(process, port, made, count))


async def _pages(process: psutil.Process, port: int, made: dict, count: int) -> Figures:
    if first := await _one(port, made, 0):  # warm: what a first socket imports is not the price of the others
        await first.close()
    await asyncio.sleep(1)
    before, began = process.memory_full_info().uss, time.monotonic()
    opened = [one for one in await asyncio.gather(*(_one(port, made, number) for number in range(count))) if one]
    took = time.monotonic() - began
    await asyncio.sleep(2)
    after = process.memory_full_info().uss
    hearing = [asyncio.create_task(_hears(one)) for one in opened]
    await asyncio.to_thread(_django, TELL, HOST)
    heard = sum(await asyncio.gather(*hearing))
    for one in opened:
        one.transport.abort()
    await asyncio.sleep(10)
    stale = await asyncio.to_thread(_channels)
    return {
        "asked": count, "opened": len(opened), "seconds": round(took, 1), "kb_each": round((after - before) / 1000 / max(1, len(opened)), 1),
        "heard": heard, "stale": stale,
    }  # fmt: skip


async def _one(port: int, made: dict, number: int) -> ClientConnection | None:
    key = made["keys"][number // PAGES % len(made["keys"])]
    headers = {"Cookie": f"{made['cookie']}={key}"}
    with suppress(OSError, TimeoutError, Exception):
        return await connect(
            f"ws://{HOST}/ws/person/", host="127.0.0.1", port=port, origin=f"http://{HOST}", proxy=None,  # type: ignore[arg-type]
            additional_headers=headers, open_timeout=PATIENCE, ping_interval=None, max_queue=4,
        )  # fmt: skip
    return None


async def _hears(line: ClientConnection) -> bool:
    with suppress(Exception):
        async with asyncio.timeout(PATIENCE):
            return bool(json.loads(await line.recv())["type"] == "news")
    return False


def _channels() -> int:
    """Channels that the cache server still has subscribers for."""
    import valkey  # noqa: PLC0415 because only this line needs it

    with valkey.Valkey.from_url(os.environ["VALKEY_URL"]) as server:
        return len(server.pubsub_channels())


@contextmanager
def _web() -> Iterator[tuple[psutil.Process, int]]:
    """The product's web process, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "deploy.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    command += ["--ws-per-message-deflate", "false"]
    with (VAR / "sockets.log").open("wb") as log:
        web = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        yield psutil.Process(web.pid), port
    finally:
        web.kill()
        web.wait()


def _django(code: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, cwd=Path.cwd()
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def _allow_files(wanted: int) -> None:
    """Each socket is a file to both processes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard > 0 else wanted, hard))


if __name__ == "__main__":
    VAR.mkdir(parents=True, exist_ok=True)
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
