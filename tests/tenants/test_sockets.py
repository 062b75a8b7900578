"""Sockets: refused at the door, and ended with their organization."""

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator

from tenants import context, hosts, open_sockets, sockets
from tenants.models import Organization

pytestmark = pytest.mark.django_db(transaction=False)


async def echo(scope, receive, send):
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] != "websocket.disconnect":
        if event["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": context.current_organization().slug})


def connect(host, origin=""):
    headers = [(b"host", host.encode()), (b"origin", (origin or f"http://{host}").encode())]
    return ApplicationCommunicator(
        sockets.OrganizationSocket(echo), {"type": "websocket", "path": "/", "headers": headers}
    )


@pytest.fixture
def known(monkeypatch):
    """Hosts without a database: north and a suspended south."""
    organizations = {
        f"{slug}.test": Organization(slug=slug, schema_name=f"t_{slug}00000", state=state)
        for slug, state in (("north", "active"), ("south", "suspended"))
    }
    monkeypatch.setattr(hosts, "find", lambda host: hosts.Known(float("inf"), organizations.get(host)))
    monkeypatch.setattr(open_sockets, "SECONDS", 0.05)
    return organizations


@pytest.mark.parametrize(
    ("host", "origin", "code"),
    [
        ("nobody.test", "", sockets.UNKNOWN_HOST),
        ("south.test", "", sockets.UNKNOWN_HOST),
        ("north.test", "http://south.test", sockets.FOREIGN_ORIGIN),
        ("north.test", "null", sockets.FOREIGN_ORIGIN),
    ],
)
async def test_foreign_socket_is_refused(known, host, origin, code):
    socket = connect(host, origin)

    assert await socket.receive_output(1) == {"type": "websocket.close", "code": code}


async def test_socket_answers_for_its_organization_and_ends_with_it(known):
    socket = connect("north.test")
    assert (await socket.receive_output(1))["type"] == "websocket.accept"
    await socket.send_input({"type": "websocket.receive", "text": "who?"})
    assert (await socket.receive_output(1))["text"] == "north"

    known["north.test"].state = "suspended"

    assert await socket.receive_output(2) == {"type": "websocket.close", "code": open_sockets.NOT_OPEN}
    await socket.wait(2)
    await asyncio.sleep(0.1)
    assert not open_sockets._open
